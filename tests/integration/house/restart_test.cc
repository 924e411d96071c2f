// What a server that ends, and starts again, does to its clients and to the others.
#include <gtest/gtest.h>

#include "common/base/id.h"
#include "tests/support/house.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace restart_test {

using ::testing::HasSubstr;
using ::testing::Not;

class RestartTest : public ::testing::Test {
 protected:
  House& house_ = House::Get();
  const SignedIn admin_ = house_.SignIn(house_.acme());

  // A new room; its ID.
  std::string CreateRoom(const std::string& name) {
    ::roomService::RoomCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    request.mutable_room()->set_displayname(name);
    grpc::ClientContext context;
    ::roomService::RoomCreateReply reply;
    EXPECT_TRUE(house_.room().Create(&context, request, &reply).ok());
    EXPECT_EQ(reply.replyinfo().statuscode(), ::common::OK) << reply.ShortDebugString();
    return reply.roomid();
  }
  bool HasRoom(const std::string& id) {
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    request.add_filterroomids(id);
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    ::roomService::RoomListReply reply;
    EXPECT_TRUE(house_.room().List(&context, request, &reply).ok());
    return reply.rooms().count(id) > 0;
  }
  ::common::ReplyInfo IsAuthenticated(const std::string& token) {
    ::common::AccessInfo request;
    request.set_accesstoken(token);
    grpc::ClientContext context;
    ::common::ReplyInfo reply;
    EXPECT_TRUE(house_.auth().isAuthenticated(&context, request, &reply).ok());
    return reply;
  }
};

TEST_F(RestartTest, AKilledServerHasLostNothingThatItAcknowledged) {
  const std::string room = CreateRoom("before the kill");
  house_.Restart("room");
  EXPECT_TRUE(HasRoom(room));
}

TEST_F(RestartTest, TokensAndSessionsOutliveAuth) {
  house_.Restart("auth");
  EXPECT_EQ(IsAuthenticated(admin_.access_token).statusmessage(),
            "You were authenticated successfully");
}

TEST_F(RestartTest, TheOthersServeWhileAuthIsAway) {
  const std::string room = CreateRoom("while auth is away");
  house_.Kill("auth");
  EXPECT_TRUE(HasRoom(room));
  house_.Start("auth");
}

TEST_F(RestartTest, AServerThatIsAskedToStopEndsWithZero) {
  for (const std::string& service : House::Services()) {
    EXPECT_EQ(house_.Stop(service), 0) << service << "\n" << house_.Log(service);
    house_.Start(service);
  }
}

TEST_F(RestartTest, AServerRefusesToStartOnASchemaThatItDoesNotKnow) {
  ScratchDatabase& database = house_.database("business-logic");
  house_.Stop("business-logic");
  database.Run("INSERT INTO schema_migrations (id, checksum) VALUES ('business_logic/9999', 'x')");
  EXPECT_THROW(house_.Start("business-logic"), std::runtime_error);
  EXPECT_THAT(house_.Log("business-logic"), HasSubstr("newer release"));
  database.Run("DELETE FROM schema_migrations WHERE id = 'business_logic/9999'");
  house_.Start("business-logic");
}

TEST_F(RestartTest, NoSecretIsInAnyLog) {
  for (const std::string& service : House::Services()) {
    const std::string log = house_.Log(service);
    for (const Tenant* tenant : {&house_.operator_company(), &house_.acme(), &house_.globex()}) {
      EXPECT_THAT(log, Not(HasSubstr(tenant->password))) << service;
      EXPECT_THAT(log, Not(HasSubstr(tenant->code))) << service;
    }
    EXPECT_THAT(log, Not(HasSubstr(admin_.refresh_token))) << service;
  }
}

}  // namespace restart_test
}  // namespace usher
