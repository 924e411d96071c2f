#include "deploy/engines/livekit/visitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/livekit/participants.h"

namespace usher::livekit {
namespace visitor_test {

using ::testing::IsEmpty;

TEST(Visitor, IsWhomTheTokenSays) {
  wire::Participant participant = AParticipant();
  participant.set_metadata(Metadata(TestTime(), kCompany, kGuests));
  const auto visitor = VisitorOf(participant);
  ASSERT_TRUE(visitor.has_value());
  EXPECT_EQ(visitor->company, kCompany);
  EXPECT_EQ(visitor->user(), kAnna);
  EXPECT_TRUE(visitor->person.guest());
  EXPECT_EQ(visitor->person.base_permissions_id(), kGuests);
  EXPECT_FALSE(visitor->person.room_admin());
  EXPECT_EQ(visitor->display_name, "Anna");
  EXPECT_EQ(visitor->issued, TestTime());
  EXPECT_EQ(visitor->expires, TestTime() + absl::Hours(2));
}

TEST(Visitor, IsNobodyWithoutWhatOurTokensSay) {
  for (const std::string metadata :
       {"", "x", "{}", R"({"company":"acme"})", R"({"company":"acme","issued":0})",
        R"({"company":"","issued":1})"}) {
    wire::Participant participant = AParticipant();
    participant.set_metadata(metadata);
    EXPECT_FALSE(VisitorOf(participant).has_value()) << metadata;
  }
  wire::Participant large = AParticipant();
  large.set_metadata(Metadata() + std::string(5000, ' '));
  EXPECT_FALSE(VisitorOf(large).has_value());
}

TEST(Visitor, IsNobodyWithoutAUserId) {
  for (const std::string identity : {"", "anna", "0190A1B2-0000-7000-8000-000000000001"}) {
    EXPECT_FALSE(VisitorOf(AParticipant(identity)).has_value()) << identity;
  }
}

TEST(Visitor, IsNoAgentOrRecorder) {
  wire::Participant agent = AParticipant();
  agent.set_kind("AGENT");
  EXPECT_FALSE(IsPerson(agent));
  EXPECT_FALSE(VisitorOf(agent).has_value());
  agent.set_kind("");  // webhooks leave out what is usual
  EXPECT_TRUE(IsPerson(agent));
}

TEST(Visitor, NamesAreMadePrintableAndCut) {
  wire::Participant participant = AParticipant();
  participant.set_name("A\nB" + std::string(400, 'c'));
  EXPECT_EQ(VisitorOf(participant)->display_name, "A?B" + std::string(252, 'c'));
}

TEST(Visitor, MayPublishWhatTheRightsSay) {
  ::common::Permissions rights = Rights();
  rights.set_video(true);
  rights.set_screen(true);
  rights.set_chat(true);
  const wire::Permission permission = PermissionOf(rights);
  EXPECT_TRUE(permission.can_subscribe());
  EXPECT_TRUE(permission.can_publish());
  EXPECT_TRUE(permission.can_publish_data());
  EXPECT_THAT(permission.can_publish_sources(),
              ::testing::UnorderedElementsAre("MICROPHONE", "CAMERA", "SCREEN_SHARE",
                                              "SCREEN_SHARE_AUDIO"));
  EXPECT_FALSE(permission.hidden());
  EXPECT_FALSE(permission.can_update_metadata());
}

// An empty list of sources is all of them to LiveKit.
TEST(Visitor, WhoMayOnlyWatchMayNotPublishAnything) {
  const wire::Permission permission = PermissionOf(Rights(/*join=*/true, /*voice=*/false));
  EXPECT_TRUE(permission.can_subscribe());
  EXPECT_FALSE(permission.can_publish());
  EXPECT_THAT(permission.can_publish_sources(), IsEmpty());
  EXPECT_TRUE(IsSpectator(permission));
}

TEST(Visitor, WhoMayNotJoinMayDoNothing) {
  const wire::Permission permission = PermissionOf(Rights(/*join=*/false));
  EXPECT_TRUE(IsSame(permission, wire::Permission()));
}

TEST(Visitor, PermissionsAreTheSameWhateverTheOrderOfSources) {
  wire::Permission a;
  a.set_can_publish(true);
  a.add_can_publish_sources("CAMERA");
  a.add_can_publish_sources("MICROPHONE");
  wire::Permission b;
  b.set_can_publish(true);
  b.add_can_publish_sources("MICROPHONE");
  EXPECT_FALSE(IsSame(a, b));
  b.add_can_publish_sources("CAMERA");
  EXPECT_TRUE(IsSame(a, b));
  b.set_hidden(true);
  EXPECT_FALSE(IsSame(a, b));
}

}  // namespace visitor_test
}  // namespace usher::livekit
