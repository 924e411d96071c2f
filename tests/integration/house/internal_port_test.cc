// Who gets through the internal port of each server, and to which methods.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <usher/internal/v1/auth.grpc.pb.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/house.h"

namespace usher {
namespace internal_port_test {

using ::testing::HasSubstr;
using ::usher::internal::v1::AuthInternal;

// One internal call without arguments.
struct InternalMethod {
  std::set<std::string> callers;
  std::function<::common::ReplyInfo(AuthInternal::Stub&, const std::string& token, grpc::Status*)>
      call;
};

template <class Request, class Reply>
InternalMethod For(std::set<std::string> callers,
                   grpc::Status (AuthInternal::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Reply*)) {
  const auto call = [method](AuthInternal::Stub& stub, const std::string& token,
                             grpc::Status* status) {
    Request request;
    if constexpr (requires { request.mutable_accessinfo(); }) {
      request.mutable_accessinfo()->set_accesstoken(token);
    }
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    Reply reply;
    *status = (stub.*method)(&context, request, &reply);
    return reply.replyinfo();
  };
  return {std::move(callers), call};
}

// Who may make each call; proto/usher/internal/v1/auth.proto says the same in words.
const std::map<std::string, InternalMethod>& Methods() {
  using Stub = AuthInternal::Stub;
  static const auto* const methods = new std::map<std::string, InternalMethod>{
      {"ensureUser", For({"user"}, &Stub::ensureUser)},
      {"settleUser", For({"user"}, &Stub::settleUser)},
      {"removeUser", For({"user"}, &Stub::removeUser)},
      {"findRemovedUser", For({"user"}, &Stub::findRemovedUser)},
      {"describeUser", For({"user", "business-logic"}, &Stub::describeUser)},
      {"signJoinToken", For({"room"}, &Stub::signJoinToken)},
      {"readFeed", For({"user", "company", "room", "business-logic"}, &Stub::readFeed)},
      {"listRevocations",
       For({"user", "company", "room", "business-logic"}, &Stub::listRevocations)},
  };
  return *methods;
}

class InternalPortTest : public ::testing::Test {
 protected:
  // A channel with whatever certificate is in `folder`; empty `caller`: none.
  std::shared_ptr<grpc::Channel> ChannelWith(const std::string& service, const std::string& folder,
                                             const std::string& caller) {
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = FileContent(house_.CertificateFolder() + "ca.pem");
    if (!caller.empty()) {
      credentials.pem_cert_chain = FileContent(absl::StrCat(folder, "/", caller, ".pem"));
      credentials.pem_private_key = FileContent(absl::StrCat(folder, "/", caller, ".key"));
    }
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("usher-" + service);
    return grpc::CreateCustomChannel(house_.Socket(service, "internal"),
                                     grpc::SslCredentials(credentials), arguments);
  }
  ::common::ReplyInfo Call(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                           grpc::Status* status) {
    return Methods().at(method).call(*AuthInternal::NewStub(channel), admin_.access_token, status);
  }
  // Whether a call reaches anything at all.
  grpc::Status Reach(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::Status status;
    Call(channel, "listRevocations", &status);
    return status;
  }

  House& house_ = House::Get();
  const SignedIn admin_ = house_.SignIn(house_.acme());
};

TEST_F(InternalPortTest, EveryMethodAnswersItsCallersAndNobodyElse) {
  for (const std::string& caller : House::Services()) {
    const auto channel = house_.InternalChannel("auth", caller);
    for (const auto& [method, facts] : Methods()) {
      grpc::Status status;
      const ::common::ReplyInfo info = Call(channel, method, &status);
      ASSERT_TRUE(status.ok()) << caller << " " << method << ": " << status.error_message();
      const bool refused = info.statuscode() == ::common::INSUFFICIENT_PERMISSIONS;
      EXPECT_EQ(refused, facts.callers.count(caller) == 0)
          << caller << " " << method << ": " << info.ShortDebugString();
      if (refused) {
        EXPECT_THAT(info.statusmessage(), HasSubstr("internal call"));
      }
    }
  }
}

TEST_F(InternalPortTest, OnThePublicPortThereAreNoInternalMethods) {
  for (const auto& [method, facts] : Methods()) {
    grpc::Status status;
    Call(house_.channel("auth"), method, &status);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
  }
}

TEST_F(InternalPortTest, TheListOfCallersKnowsEveryMethod) {
  const auto* service = ::google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      AuthInternal::service_full_name());
  ASSERT_NE(service, nullptr);
  std::set<std::string> methods;
  for (int i = 0; i < service->method_count(); ++i) methods.insert(service->method(i)->name());
  std::set<std::string> listed;
  for (const auto& [method, facts] : Methods()) listed.insert(method);
  EXPECT_EQ(listed, methods);
}

TEST_F(InternalPortTest, AServiceThatMayCallStillNeedsTheUsersToken) {
  const auto stub = AuthInternal::NewStub(house_.InternalChannel("auth", "user"));
  ::usher::internal::v1::EnsureUserRequest request;
  request.set_user_id(NewUuid());
  grpc::ClientContext context;
  ::usher::internal::v1::EnsureUserReply reply;
  ASSERT_TRUE(stub->ensureUser(&context, request, &reply).ok());
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::ACCESS_INFO_MISSING);
}

TEST_F(InternalPortTest, AClientWithoutACertificateReachesNothing) {
  for (const std::string& service : House::Services()) {
    EXPECT_EQ(Reach(ChannelWith(service, "", "")).error_code(), grpc::StatusCode::UNAVAILABLE)
        << service;
  }
}

TEST_F(InternalPortTest, AClientWithoutTlsReachesNothing) {
  for (const std::string& service : House::Services()) {
    const auto channel =
        grpc::CreateChannel(house_.Socket(service, "internal"), grpc::InsecureChannelCredentials());
    EXPECT_EQ(Reach(channel).error_code(), grpc::StatusCode::UNAVAILABLE) << service;
  }
}

TEST_F(InternalPortTest, TheNameOfAServiceOnACertificateOfAnotherAuthorityReachesNothing) {
  std::string folder = "/tmp/usher_forged_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  RunProgram({SourceFolder() + "/deploy/local/certificates", folder, "user"});
  for (const std::string& service : House::Services()) {
    EXPECT_EQ(Reach(ChannelWith(service, folder, "user")).error_code(),
              grpc::StatusCode::UNAVAILABLE)
        << service;
  }
  std::filesystem::remove_all(folder);
}

TEST_F(InternalPortTest, NoInternalMethodIsOnAPublicPort) {
  for (const std::string& service : House::Services()) {
    for (const auto& [method, facts] : Methods()) {
      grpc::Status status;
      Call(house_.channel(service), method, &status);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << service << " " << method;
    }
  }
}

TEST_F(InternalPortTest, APublicMethodAsksForATokenThereAsWell) {
  const auto stub =
      ::roomService::roomService::NewStub(house_.InternalChannel("room", "business-logic"));
  grpc::ClientContext context;
  ::roomService::RoomListReply reply;
  ASSERT_TRUE(stub->List(&context, ::roomService::RoomListRequest(), &reply).ok());
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::ACCESS_INFO_MISSING);
}

}  // namespace internal_port_test
}  // namespace usher
