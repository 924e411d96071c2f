#include "tests/unit/livekit/engine_work_test_base.h"

namespace usher::livekit {
namespace engine_work_missed_test {

using ::testing::ElementsAre;
using ::testing::SizeIs;

using EngineWorkMissedTest = EngineWorkTestBase;

// To usher the engine was gone: it was told of nothing.
TEST_F(EngineWorkMissedTest, RightsThatWereTakenWhileTheStreamWasAwayAreTakenAfterTheWelcome) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  ASSERT_TRUE(Speaks(kRoom, kAnna));
  usher_.rights = Rights(/*join=*/true, /*voice=*/false);
  Welcome();
  Work();
  EXPECT_FALSE(Speaks(kRoom, kAnna));
}

TEST_F(EngineWorkMissedTest, RightsThatWereTakenWhileNothingWasReportedAreTakenAfterTheReport) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  livekit_.status = absl::UnavailableError("away");
  for (int i = 0; i < 20; ++i) Later(absl::Seconds(10));
  usher_.rights = Rights(/*join=*/true, /*voice=*/false);
  livekit_.status = absl::OkStatus();
  Later(absl::Seconds(10));
  EXPECT_FALSE(Speaks(kRoom, kAnna));
}

// What changes between a judgement and the report is told to an engine that is not there yet.
TEST_F(EngineWorkMissedTest, EverybodyIsJudgedAgainBehindTheReportAndNotBefore) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  usher_.on_report = [this] { usher_.rights = Rights(/*join=*/true, /*voice=*/false); };
  Work();
  EXPECT_FALSE(Speaks(kRoom, kAnna));
}

TEST_F(EngineWorkMissedTest, ARoomThatIsStuckHoldsUpNoCommandOfAnother) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  livekit_.people_in[kOtherRoom][kBen] = AParticipant(kBen);
  Work();
  livekit_.stuck = kRoom;
  usher_.rights = Rights(/*join=*/true, /*voice=*/false);
  TellOfPermissions("stuck", kRoom);
  TellOfPermissions("other", kOtherRoom);
  Command("put out", kOtherRoom, kBen);
  Work();
  EXPECT_THAT(usher_.acknowledged, ElementsAre("other", "put out"));
  livekit_.stuck.clear();
  Later(absl::Seconds(5));
  EXPECT_THAT(usher_.acknowledged, ElementsAre("other", "put out", "stuck"));
}

TEST_F(EngineWorkMissedTest, ACommandThatCameTwiceIsAcknowledgedOnce) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  Work();
  TellOfPermissions("1", kRoom);
  TellOfPermissions("1", kRoom);
  Work();
  EXPECT_THAT(usher_.acknowledged, ElementsAre("1"));
}

TEST_F(EngineWorkMissedTest, WhatChangesInOneRoomIsReportedOfThatRoomAlone) {
  livekit_.people_in[kRoom][kAnna] = AParticipant();
  livekit_.people_in[kOtherRoom];
  Work();
  Join(kOtherRoom, AParticipant(kBen));
  Work();
  ASSERT_THAT(usher_.reports.back().rooms(), SizeIs(1));
  EXPECT_THAT(Reported(), ElementsAre(kBen));
  Later(absl::Seconds(30));
  EXPECT_THAT(Reported(), ElementsAre(kAnna, kBen));
}

}  // namespace engine_work_missed_test
}  // namespace usher::livekit
