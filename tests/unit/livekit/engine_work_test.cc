#include "absl/strings/str_cat.h"
#include "tests/unit/livekit/engine_work_test_base.h"

namespace usher::livekit {
namespace engine_work_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using EngineWorkTest = EngineWorkTestBase;

TEST_F(EngineWorkTest, WhoComesIsLetInAndReportedAtOnce) {
  Work();
  Join(kRoom, AParticipant());
  Work();
  EXPECT_TRUE(livekit_.Hears(kRoom, kAnna));
  EXPECT_THAT(Reported(), ElementsAre(kAnna));
}

TEST_F(EngineWorkTest, WhoWasThereAtTheStartIsReportedFirst) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  livekit_.people_in[kOtherRoom][kBen] = AParticipant(kBen);
  Work();
  ASSERT_FALSE(usher_.reports.empty());
  EXPECT_TRUE(usher_.reports.front().all_rooms());
  EXPECT_THAT(Reported(), ElementsAre(kAnna, kBen));
}

TEST_F(EngineWorkTest, NothingIsReportedBeforeLiveKitHasToldOfEverything) {
  livekit_.status = absl::UnavailableError("away");
  Work();
  Later(absl::Seconds(30));
  EXPECT_THAT(usher_.reports, IsEmpty());
  livekit_.status = absl::OkStatus();
  Later(absl::Seconds(5));
  EXPECT_THAT(usher_.reports, SizeIs(1));
}

TEST_F(EngineWorkTest, WhatLiveKitDoesNotConfirmIsReportedNoMore) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  livekit_.status = absl::UnavailableError("away");
  for (int i = 0; i < 10; ++i) Later(absl::Seconds(10));
  const size_t reports = usher_.reports.size();
  for (int i = 0; i < 10; ++i) Later(absl::Seconds(10));
  EXPECT_EQ(usher_.reports.size(), reports);
  livekit_.status = absl::OkStatus();
  Later(absl::Seconds(10));
  EXPECT_GT(usher_.reports.size(), reports);
}

TEST_F(EngineWorkTest, AllRoomsAreReportedAgainAndAgain) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  const size_t reports = usher_.reports.size();
  Later(absl::Seconds(29));
  EXPECT_EQ(usher_.reports.size(), reports);
  Later(absl::Seconds(1));
  EXPECT_EQ(usher_.reports.size(), reports + 1);
  EXPECT_FALSE(usher_.reports.back().all_rooms());
  EXPECT_THAT(Reported(), ElementsAre(kAnna));
}

TEST_F(EngineWorkTest, AWelcomeIsFollowedByEverything) {
  Work();
  Welcome(/*report_every_seconds=*/7);
  const size_t reports = usher_.reports.size();
  Work();
  ASSERT_EQ(usher_.reports.size(), reports + 1);
  EXPECT_TRUE(usher_.reports.back().all_rooms());
  Later(absl::Seconds(7));
  EXPECT_EQ(usher_.reports.size(), reports + 2);
}

TEST_F(EngineWorkTest, WithoutUsherNobodyIsLetIn) {
  Work();
  usher_.status = absl::UnavailableError("away");
  Join(kRoom, AParticipant());
  Work();
  EXPECT_FALSE(livekit_.Hears(kRoom, kAnna));
  usher_.status = absl::OkStatus();
  Later(absl::Seconds(5));
  EXPECT_TRUE(livekit_.Hears(kRoom, kAnna));
  EXPECT_THAT(Reported(), ElementsAre(kAnna));
}

TEST_F(EngineWorkTest, WhoIsPutOutIsRemovedAndThenAcknowledged) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  Command("1", kRoom, kAnna);
  EXPECT_THAT(livekit_.removed, ElementsAre(kAnna));
  Work();
  EXPECT_THAT(usher_.acknowledged, ElementsAre("1"));
  EXPECT_THAT(Reported(), IsEmpty());
}

TEST_F(EngineWorkTest, WhatWasNotObeyedIsNotAcknowledged) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  livekit_.status = absl::UnavailableError("away");
  Command("1", kRoom, kAnna);
  Work();
  EXPECT_THAT(usher_.acknowledged, IsEmpty());
  livekit_.status = absl::OkStatus();
  Later(absl::Seconds(5));  // is done all the same
  EXPECT_THAT(livekit_.removed, ElementsAre(kAnna));
  Command("1", kRoom, kAnna);  // comes again
  Work();
  EXPECT_THAT(usher_.acknowledged, ElementsAre("1"));
}

TEST_F(EngineWorkTest, WhoWasPutOutIsRemovedAgainWithoutUsherBeingAsked) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  Command("1", kRoom, kAnna);
  usher_.status = absl::UnavailableError("away");
  Join(kRoom, AParticipant(kAnna, "PA_2"));
  Work();
  EXPECT_THAT(livekit_.removed, ElementsAre(kAnna, kAnna));
}

TEST_F(EngineWorkTest, WhoComesWithoutAWebhookIsFoundByTheSweep) {
  Work();
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Later(absl::Seconds(10));
  EXPECT_TRUE(livekit_.Hears(kRoom, kAnna));
}

TEST_F(EngineWorkTest, ADestroyedRoomIsDeletedAndSaidToBeClosed) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  Usher::Command command;
  command.set_command_id("1");
  command.mutable_close_room()->set_room_id(kRoom);
  work_.Obey(command);
  EXPECT_THAT(livekit_.people_in, IsEmpty());
  Work();
  EXPECT_THAT(usher_.reports.back().closed_room_ids(), ElementsAre(kRoom));
  EXPECT_THAT(usher_.acknowledged, ElementsAre("1"));
}

TEST_F(EngineWorkTest, ADestroyedRoomThatATokenOpensAgainIsDeletedAgain) {
  Work();
  usher_.knows_rooms = false;
  Join(kRoom, AParticipant());
  Work();
  EXPECT_THAT(livekit_.people_in, IsEmpty());
}

// LiveKit says nothing of who speaks signalling alone.
TEST_F(EngineWorkTest, WhoOpensARoomIsLookedForAtOnce) {
  Work();
  usher_.knows_rooms = false;
  wire::Participant joining = AParticipant();
  joining.set_state("JOINING");
  livekit_.people_in[kRoom][kAnna] = joining;
  wire::WebhookEvent event;
  event.set_event("room_started");
  event.mutable_room()->set_name(kRoom);
  work_.Hear(event);
  Work();
  EXPECT_THAT(livekit_.people_in, IsEmpty());
}

TEST_F(EngineWorkTest, ARoomThatIsLookedIntoAtOnceIsNotYetEverything) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  livekit_.people_in[kOtherRoom][kBen] = AParticipant(kBen);
  wire::WebhookEvent event;
  event.set_event("room_started");
  event.mutable_room()->set_name(kRoom);
  work_.Hear(event);
  work_.Round();
  EXPECT_THAT(usher_.reports, IsEmpty());
  Work();
  EXPECT_THAT(Reported(), ElementsAre(kAnna, kBen));
}

TEST_F(EngineWorkTest, RightsThatWereTakenAreTakenAtOnce) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  usher_.rights = Rights(/*join=*/true, /*voice=*/false);
  TellOfPermissions("1", kRoom);
  Work();
  EXPECT_FALSE(Speaks(kRoom, kAnna));
  EXPECT_THAT(usher_.acknowledged, ElementsAre("1"));
}

TEST_F(EngineWorkTest, WhatAReportIsAnsweredIsDone) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  livekit_.people_in[kOtherRoom][kBen] = AParticipant(kBen);
  Work();
  usher_.reply.add_unknown_room_ids(kOtherRoom);
  auto& order = *usher_.reply.add_put_out();
  order.set_room_id(kRoom);
  order.set_user_id(kAnna);
  Later(absl::Seconds(30));
  EXPECT_THAT(livekit_.removed, ElementsAre(kAnna));
  EXPECT_THAT(livekit_.people_in, SizeIs(1));
  EXPECT_THAT(Reported(), IsEmpty());
}

TEST_F(EngineWorkTest, AReportThatFailedIsFollowedByEverything) {
  Work();
  usher_.status = absl::UnavailableError("away");
  Later(absl::Seconds(30));
  usher_.status = absl::OkStatus();
  Later(absl::Seconds(5));
  EXPECT_TRUE(usher_.reports.back().all_rooms());
}

TEST_F(EngineWorkTest, ManyRoomsAreReportedInParts) {
  for (int i = 0; i < 1201; ++i) {
    livekit_.people_in[absl::StrCat("0190a1b2-0000-7000-8000-", absl::Dec(i, absl::kZeroPad12))];
  }
  for (int i = 0; i < 5000; ++i) work_.Round();
  ASSERT_GE(usher_.reports.size(), 3);
  int rooms = 0;
  for (size_t i = usher_.reports.size() - 3; i < usher_.reports.size(); ++i) {
    rooms += usher_.reports[i].rooms_size();
  }
  EXPECT_EQ(rooms, 1201);
}

TEST_F(EngineWorkTest, ASweepLetsCommandsThroughBetweenTwoRooms) {
  livekit_.people_in[kRoom];
  livekit_.people_in[kOtherRoom];
  EXPECT_EQ(work_.Round(), absl::ZeroDuration());
  EXPECT_THAT(livekit_.visited, SizeIs(1));
}

TEST_F(EngineWorkTest, RoomsOfOtherApplicationsAreNotLookedInto) {
  livekit_.people_in["lobby"];
  Work();
  EXPECT_THAT(livekit_.visited, IsEmpty());
}

}  // namespace engine_work_test
}  // namespace usher::livekit
