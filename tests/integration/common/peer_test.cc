// The internal ports: mutual TLS between two services, for real.
#include "common/rpc/peer/peer.h"

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/peer/nothing_changed.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"
#include "tests/support/folders.h"
#include "tests/support/gate_server.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace {

using ::companyService::CompanyDestroyRequest;

std::string Content(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

class PeerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = "/tmp/usher_peer_XXXXXX";
    folder_ = new std::string(mkdtemp(pattern.data()));
    for (const char* ca : {"ours", "theirs"}) {
      ASSERT_EQ(std::system(absl::StrCat(SourceFolder(), "/deploy/local/certificates ", *folder_,
                                         "/", ca, " company user room")
                                .c_str()),
                0);
    }
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(*folder_);
    delete folder_;
  }

  static InternalTls Tls(const std::string& service, const std::string& ca = "ours") {
    const std::string folder = absl::StrCat(*folder_, "/", ca, "/");
    return {Content(folder + "ca.pem"), Content(absl::StrCat(folder, service, ".pem")),
            Content(absl::StrCat(folder, service, ".key"))};
  }
  static std::string Address() { return absl::StrCat("unix:", *folder_, "/socket"); }

  void Start() { server_.StartInternal(Address(), Tls("company")); }
  static absl::Status Destroy(Peer& peer, absl::Duration patience = absl::Seconds(20)) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(Effect::kChanges, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  }
  // The same as a question.
  static absl::Status Ask(Peer& peer, absl::Duration patience = absl::Seconds(20)) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  }

  static std::string* folder_;
  GateServer server_;
};

std::string* PeerTest::folder_ = nullptr;

TEST_F(PeerTest, AnswersAServiceThatMayCall) {
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_OK(Destroy(peer));
}

TEST_F(PeerTest, RefusesAServiceThatMayNot) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  Start();
  for (const char* service : {"room", "company"}) {
    Peer peer("company", Address(), Tls(service));
    EXPECT_THAT(Destroy(peer), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS)) << service;
  }
}

TEST_F(PeerTest, RefusesTheCertificateOfAnotherAuthority) {
  Start();
  Peer peer("company", Address(), Tls("user", "theirs"));
  EXPECT_THAT(
      Destroy(peer, absl::Seconds(2)).code(),
      ::testing::AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PeerTest, RefusesAClientWithoutACertificate) {
  Start();
  InternalTls none = Tls("user");
  none.certificate.clear();
  none.key.clear();
  Peer peer("company", Address(), none);
  EXPECT_FALSE(Destroy(peer, absl::Seconds(2)).ok());
}

TEST_F(PeerTest, RefusesAServerThatIsAnotherService) {
  Start();
  Peer peer("room", Address(), Tls("user"));  // company answers there
  EXPECT_THAT(Destroy(peer, absl::Seconds(2)), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, BringsBackWhatThePeerDecided) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) {
    return ReplyError(::common::ROOM_NOT_FOUND, "there is no such room");
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  const absl::Status status = Destroy(peer);
  EXPECT_THAT(status, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(status.message(), "there is no such room");
}

TEST_F(PeerTest, SaysThatAPeerIsOutOfReach) {
  Peer peer("company", "unix:/tmp/no_such_socket", Tls("user"));
  EXPECT_THAT(Destroy(peer), IsUndecided(absl::StatusCode::kUnavailable));
}

// The service by hand, over the same certificates: what no gate lets through.
class RawCompany final : public CompanyService::Service {
 public:
  using Body = std::function<grpc::Status(grpc::ServerContext*)>;

  RawCompany(const std::string& address, const InternalTls& tls, Body body)
      : body_(std::move(body)) {
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = tls.ca;
    options.pem_key_cert_pairs.push_back({tls.key, tls.certificate});
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::SslServerCredentials(options));
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  grpc::Status companyDestroy(grpc::ServerContext* context, const CompanyDestroyRequest*,
                              ::common::ReplyInfo*) override {
    return body_(context);
  }

 private:
  const Body body_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(PeerTest, AChangeWhoseAnswerIsLostIsInDoubt) {
  std::atomic<int> carried_out = 0;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    ++carried_out;
    context->TryCancel();
    return grpc::Status::OK;
  });
  Peer peer("company", Address(), Tls("user"));
  const absl::Status status = Destroy(peer);
  EXPECT_EQ(carried_out.load(), 1);
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("look whether the change"));
  EXPECT_THAT(Ask(peer), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, AChangeIsNotInDoubtWhereThePeerSaysThatNothingWasChanged) {
  std::atomic<bool> says_so = true;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    if (says_so) context->AddTrailingMetadata(kNothingChangedTrailer, "1");
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the database is out of reach");
  });
  Peer peer("company", Address(), Tls("user"));
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));
  says_so = false;
  EXPECT_THAT(Destroy(peer), IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PeerTest, AChangeThatThePeerDidNotAnswerInTimeIsInDoubt) {
  absl::Notification over;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    over.WaitForNotification();
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_THAT(Destroy(peer, absl::Seconds(1)), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  over.Notify();
  server_.Stop();  // the body uses what goes out of scope here
}

TEST_F(PeerTest, AChangeThatCouldNotBeSentChangedNothing) {
  Peer peer("company", "unix:/tmp/no_such_socket", Tls("user"));
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));
}

TEST_F(PeerTest, ACallThatIsOverOrWhoseClientHasGoneIsNotSent) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_EQ(Destroy(peer, absl::ZeroDuration()), OutOfTime("before the company service was asked"));
  CallContext gone = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  gone.cancelled = std::make_shared<std::atomic<bool>>(true);
  EXPECT_THAT(
      peer.Call<CompanyService>(Effect::kChanges, gone, &CompanyService::Stub::companyDestroy,
                                CompanyDestroyRequest())
          .status(),
      IsUndecided(absl::StatusCode::kCancelled));
}

// As a process that was stopped: the kernel takes the connection, and nobody says a word.
TEST_F(PeerTest, AFrozenPeerCostsNoMoreThanTheDeadlineAndChangesNothing) {
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX};
  const std::string path = absl::StrCat(*folder_, "/frozen");
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(listener, 8), 0);
  Peer peer("company", "unix:" + path, Tls("user"));
  const absl::Time before = absl::Now();
  EXPECT_EQ(Destroy(peer, absl::Milliseconds(500)), Unreachable("the company service"));
  EXPECT_LT(absl::Now() - before, absl::Seconds(10));
  close(listener);
}

TEST_F(PeerTest, APeerThatHangsIsLeftAloneUntilItAnswersAgain) {
  absl::Mutex mutex;
  bool hangs = true;
  int begun = 0;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    const absl::MutexLock lock(&mutex);
    ++begun;
    const auto goes_on = [&] { return !hangs; };
    mutex.Await(absl::Condition(&goes_on));
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"),
            {.timeouts = 2, .pause = absl::Seconds(1), .fair_time = absl::Milliseconds(100)});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Destroy(peer, absl::Seconds(1)), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));  // not after 20 seconds
  {
    const absl::MutexLock lock(&mutex);
    EXPECT_LE(begun, 2);
    hangs = false;
  }
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!Destroy(peer).ok() && absl::Now() < until) continue;
  EXPECT_OK(Destroy(peer));
  server_.Stop();  // the bodies use what goes out of scope here
}

TEST_F(PeerTest, CallsGoToAllAddressesOfAName) {
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  GateServer other;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    ++first;
    return absl::OkStatus();
  };
  other.rpc().destroy = [&](const auto&, const auto&, auto&) {
    ++second;
    return absl::OkStatus();
  };
  server_.StartInternal("127.0.0.1:0", Tls("company"));
  other.StartInternal("127.0.0.1:0", Tls("company"));
  Peer peer("company",
            absl::StrCat("ipv4:", server_.server().ports()[0].address, ",",
                         other.server().ports()[0].address),
            Tls("user"));
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (first == 0 || second == 0) {
    EXPECT_OK(Destroy(peer));
    ASSERT_LT(absl::Now(), until) << first << " and " << second;
  }
  server_.Stop();
}

TEST_F(PeerTest, PassesTheClientsAddressAndTheRequestIdOn) {
  std::map<std::string, std::string> headers;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    headers.clear();
    for (const auto& [name, value] : context->client_metadata()) {
      headers.emplace(std::string(name.data(), name.size()),
                      std::string(value.data(), value.size()));
    }
    return grpc::Status::OK;
  });
  Peer peer("company", Address(), Tls("user"));
  CallContext call = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  call.peer = "192.0.2.7";
  call.request_id = "a request";
  const auto send = [&] {
    return peer
        .Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  };
  ASSERT_OK(send());
  EXPECT_EQ(headers[kClientAddressHeader], "192.0.2.7");
  EXPECT_EQ(headers[kRequestIdHeader], "a request");
  // What no header can carry is left out, and fails nothing.
  call.request_id = "p\xc3\xa9";
  ASSERT_OK(send());
  EXPECT_EQ(headers.count(kRequestIdHeader), 0u);
}

TEST_F(PeerTest, FindsAPeerThatComesBack) {
  Start();
  Peer peer("company", Address(), Tls("user"));
  ASSERT_OK(Destroy(peer));
  server_.Stop();
  EXPECT_FALSE(Destroy(peer).ok());
  GateServer again;
  again.StartInternal(Address(), Tls("company"));
  absl::Status status = Destroy(peer);
  const absl::Time until = absl::Now() + absl::Seconds(20);
  while (!status.ok() && absl::Now() < until) status = Destroy(peer);
  EXPECT_OK(status);
}

TEST_F(PeerTest, LeavesTimeToAnswerItsOwnCaller) {
  absl::Time deadline;
  server_.rpc().destroy = [&](const CallContext& call, const auto&, auto&) {
    deadline = call.deadline;
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  const absl::Time mine = absl::Now() + absl::Seconds(5);
  const CallContext call = ACaller().Until(mine).BuildCall();
  ASSERT_OK(peer.Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                                      CompanyDestroyRequest())
                .status());
  EXPECT_LT(deadline, mine);
}

TEST_F(PeerTest, PassesTheTraceOn) {
  std::string trace;
  server_.rpc().destroy = [&](const CallContext& call, const auto&, auto&) {
    trace = call.traceparent;
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  CallContext call = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  call.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_OK(peer.Call<CompanyService>(Effect::kReads, call, &CompanyService::Stub::companyDestroy,
                                      CompanyDestroyRequest())
                .status());
  EXPECT_EQ(trace, call.traceparent);
}

}  // namespace
}  // namespace usher::rpc
