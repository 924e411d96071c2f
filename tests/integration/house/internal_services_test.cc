// What the servers besides auth answer on their internal ports, and to whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <usher/internal/v1/business_logic.grpc.pb.h>
#include <usher/internal/v1/company_description.grpc.pb.h>
#include <usher/internal/v1/directory_profile.grpc.pb.h>
#include <usher/internal/v1/room.grpc.pb.h>
#include <usher/internal/v1/user.grpc.pb.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/over_the_wire.h"

namespace usher {
namespace internal_services_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::usher::internal::v1::BusinessLogicInternal;
using ::usher::internal::v1::CompanyDescriptions;
using ::usher::internal::v1::DirectoryProfiles;
using ::usher::internal::v1::RoomInternal;
using ::usher::internal::v1::UserInternal;
using Channel = std::shared_ptr<grpc::Channel>;

struct InternalMethod {
  std::string service;
  std::string name;
  std::set<std::string> callers;
  std::function<::common::ReplyInfo(const Channel&, grpc::Status*)> call;
};

// A call about nobody.
template <class Service, class Request, class Reply>
InternalMethod For(const std::string& service, const std::string& name,
                   std::set<std::string> callers,
                   grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                         Reply*)) {
  return {service, name, std::move(callers),
          [method](const Channel& channel, grpc::Status* status) {
            grpc::ClientContext context;
            context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
            Reply reply;
            *status = ((*Service::NewStub(channel)).*method)(&context, Request(), &reply);
            return reply.replyinfo();
          }};
}

std::vector<InternalMethod> Methods() {
  return {
      For<RoomInternal>("room", "findVisibleRooms", {"business-logic"},
                        &RoomInternal::Stub::findVisibleRooms),
      For<RoomInternal>("room", "forgetUser", {"user"}, &RoomInternal::Stub::forgetUser),
      For<BusinessLogicInternal>("business-logic", "forgetUser", {"user"},
                                 &BusinessLogicInternal::Stub::forgetUser),
      For<UserInternal>("user", "ensureFirstUser", {"company"},
                        &UserInternal::Stub::ensureFirstUser),
      For<CompanyDescriptions>("company", "describeCompany", {"auth", "room"},
                               &CompanyDescriptions::Stub::describeCompany),
      For<UserInternal>("user", "describeProfile", {"auth", "room"},
                        &UserInternal::Stub::describeProfile),
      For<DirectoryProfiles>("user", "ensureProfile", {"auth"},
                             &DirectoryProfiles::Stub::ensureProfile),
  };
}

class InternalServicesTest : public OverTheWire {
 protected:
  ::common::ReplyInfo Forget(const UserId& user, const std::string& company = "acme") {
    ::usher::internal::v1::ForgetUserInRoomsRequest request;
    request.set_company_id(company);
    request.set_user_id(user.value());
    grpc::ClientContext context;
    ::usher::internal::v1::ForgetUserInRoomsReply reply;
    const auto stub = RoomInternal::NewStub(house_.InternalChannel("room", "user"));
    EXPECT_TRUE(stub->forgetUser(&context, request, &reply).ok());
    return reply.replyinfo();
  }
  ::common::ReplyInfo ForgetFavorites(const UserId& user, const std::string& company = "acme") {
    ::usher::internal::v1::ForgetFavoritesRequest request;
    request.set_company_id(company);
    request.set_user_id(user.value());
    grpc::ClientContext context;
    ::usher::internal::v1::ForgetFavoritesReply reply;
    const auto stub =
        BusinessLogicInternal::NewStub(house_.InternalChannel("business-logic", "user"));
    EXPECT_TRUE(stub->forgetUser(&context, request, &reply).ok());
    return reply.replyinfo();
  }
  std::string Entries(const UserId& user) {
    return house_.database("room").Ask("SELECT count(*) FROM room_rights WHERE user_id = '" +
                                       user.value() + "'");
  }
};

TEST_F(InternalServicesTest, EveryMethodAnswersItsCallersAndNobodyElse) {
  for (const InternalMethod& method : Methods()) {
    for (const std::string& caller : House::Services()) {
      grpc::Status status;
      const auto info = method.call(house_.InternalChannel(method.service, caller), &status);
      ASSERT_TRUE(status.ok()) << caller << " " << method.name << ": " << status.error_message();
      const bool refused = info.statuscode() == ::common::INSUFFICIENT_PERMISSIONS;
      EXPECT_EQ(refused, method.callers.count(caller) == 0)
          << caller << " " << method.name << ": " << info.ShortDebugString();
      if (refused) {
        EXPECT_THAT(info.statusmessage(), HasSubstr("internal call"));
      }
    }
  }
}

TEST_F(InternalServicesTest, OnThePublicPortThereAreNone) {
  for (const InternalMethod& method : Methods()) {
    grpc::Status status;
    method.call(house_.channel(method.service), &status);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method.name;
  }
}

TEST_F(InternalServicesTest, EveryMethodOfTheirsIsListedHere) {
  std::set<std::string> methods;
  for (const auto* service :
       {::usher::internal::v1::FindVisibleRoomsRequest::descriptor()->file()->service(0),
        ::usher::internal::v1::ForgetFavoritesRequest::descriptor()->file()->service(0),
        ::usher::internal::v1::DescribeCompanyRequest::descriptor()->file()->service(0),
        ::usher::internal::v1::DescribeProfileRequest::descriptor()->file()->service(0),
        ::usher::internal::v1::EnsureProfileRequest::descriptor()->file()->service(0)}) {
    for (int i = 0; i < service->method_count(); ++i)
      methods.insert(service->method(i)->full_name());
  }
  EXPECT_EQ(methods.size(), Methods().size());
}

// F19b: the entries stayed, and counted towards the 10,000 of the room.
TEST_F(InternalServicesTest, OfAForgottenUserNoRoomOfTheCompanyHasAnEntry) {
  const UserId user(NewUuid()), other(NewUuid());
  const std::string first = NewRoom(), second = NewRoom();
  for (const std::string& room : {first, second}) {
    LetIn(room, user.value(), {RoomRight::kAdmin});
    LetIn(room, other.value(), {RoomRight::kJoin});
  }
  EXPECT_THAT(Forget(user, "globex"), Answers(::common::OK));
  EXPECT_EQ(Entries(user), "2");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Forget(user), Answers(::common::OK));
    EXPECT_EQ(Entries(user), "0");
    EXPECT_EQ(Entries(other), "2");
  }
  auto list = As<::roomService::RoomListRequest>(AdminOf("acme"));
  list.add_filterroomids(first);
  const auto listed = Ask(&RoomStub::List, list);
  EXPECT_EQ(listed.rooms().at(first).permissions_size(), 1) << listed.ShortDebugString();
}

TEST_F(InternalServicesTest, OfAForgottenUserThereAreNoFavorites) {
  token::AccessToken token;
  token.user = UserId(NewUuid());
  token.company = CompanyId("acme");
  token.permissions = {Permission::kRoomList};
  const std::string signed_token = house_.Sign(token);
  const std::string room = NewRoom();
  auto update = As<::businessLogicService::FavoritesUpdateRequest>(signed_token);
  (*update.mutable_roomids())[room] = true;
  ASSERT_THAT(Ask(&BusinessLogicStub::favoritesUpdate, update), Answers(::common::OK));
  const auto list = [&] {
    return Ask(&BusinessLogicStub::favoritesList,
               As<::businessLogicService::FavoritesListRequest>(signed_token))
        .roomids();
  };
  EXPECT_THAT(ForgetFavorites(token.user, "globex"), Answers(::common::OK));
  EXPECT_THAT(list(), ElementsAre(room));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(ForgetFavorites(token.user), Answers(::common::OK));
    EXPECT_THAT(list(), IsEmpty());
  }
}

}  // namespace internal_services_test
}  // namespace usher
