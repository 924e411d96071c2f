#include "tests/unit/livekit/attendance_test_base.h"

namespace usher::livekit {
namespace attendance_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using AttendanceTest = AttendanceTestBase;

TEST_F(AttendanceTest, WhoComesIsNotThereUntilUsherSaysSo) {
  attendance_.Came(kRoom, AParticipant());
  EXPECT_THAT(Online(), IsEmpty());
  EXPECT_TRUE(attendance_.HasDue());
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
  EXPECT_THAT(Online(), ElementsAre(kAnna));
  EXPECT_FALSE(attendance_.HasDue());
}

TEST_F(AttendanceTest, WhoIsLetInGetsWhatTheRightsSay) {
  attendance_.Came(kRoom, AParticipant());
  const auto question = attendance_.Ask();
  EXPECT_EQ(question.rooms(0).people(0).user_id(), kAnna);
  const auto acts = attendance_.Judge(question, Allow(question));
  ASSERT_THAT(acts, SizeIs(1));
  EXPECT_THAT(acts[0].permission.can_publish_sources(), ElementsAre("MICROPHONE"));
}

TEST_F(AttendanceTest, WhoMayNotJoinIsRemoved) {
  attendance_.Came(kRoom, AParticipant());
  EXPECT_THAT(Judge(Rights(/*join=*/false)), ElementsAre("remove Anna"));
  EXPECT_THAT(Online(), IsEmpty());
}

TEST_F(AttendanceTest, WhoCameWithoutATokenOfTheCompanyIsRemovedFromItsRooms) {
  wire::Participant stranger = AParticipant("somebody");
  stranger.set_metadata("");
  attendance_.Came(kRoom, stranger);
  wire::Participant of_another = AParticipant(kBen);
  of_another.set_metadata(Metadata(TestTime(), "another"));
  attendance_.Came(kRoom, of_another);
  EXPECT_THAT(Judge(), ElementsAre("remove Ben", "remove somebody"));
}

TEST_F(AttendanceTest, RoomsThatUsherDoesNotKnowAreLeftToOtherCompanies) {
  wire::Participant of_another = AParticipant(kBen);
  of_another.set_metadata(Metadata(TestTime(), "another"));
  attendance_.Came(kRoom, of_another);
  EXPECT_THAT(JudgeInNoRoom(), IsEmpty());
  EXPECT_FALSE(attendance_.HasDue());
  EXPECT_THAT(attendance_.Report(), IsEmpty());
  attendance_.Came("a room of another application", AParticipant());
  EXPECT_FALSE(attendance_.HasDue());
}

TEST_F(AttendanceTest, AgentsAndRecordersAreNoneOfItsBusiness) {
  wire::Participant agent = AParticipant("agent");
  agent.set_kind("AGENT");
  attendance_.Came(kRoom, agent);
  EXPECT_THAT(Judge(), IsEmpty());
}

TEST_F(AttendanceTest, ARoomThatWasDestroyedIsDeletedForWhoeverComes) {
  attendance_.Came(kRoom, AParticipant());
  EXPECT_THAT(JudgeInNoRoom(), ElementsAre("delete"));
  EXPECT_EQ(attendance_.rooms(), 0);
}

TEST_F(AttendanceTest, AClosedRoomIsSaidToBeClosed) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.Report();
  EXPECT_THAT(Do(attendance_.Close(kRoom)), ElementsAre("delete"));
  EXPECT_TRUE(attendance_.changed());
  EXPECT_THAT(attendance_.Report(), IsEmpty());
  EXPECT_THAT(attendance_.TakeClosed(), ElementsAre(kRoom));
  EXPECT_THAT(attendance_.TakeClosed(), IsEmpty());
}

// A report that says both is refused as a whole.
TEST_F(AttendanceTest, ARoomThatOpensAgainBeforeTheReportIsNotSaidToBeClosed) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.Finished(kRoom);
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2"));
  Judge();
  EXPECT_THAT(attendance_.ReportChanged(), SizeIs(1));
  EXPECT_THAT(attendance_.TakeClosed(), IsEmpty());
}

TEST_F(AttendanceTest, AnEmptyRoomIsReportedAsLongAsItIsOpen) {
  attendance_.Opened(kRoom);
  Judge();
  ASSERT_THAT(attendance_.Report(), SizeIs(1));
  attendance_.Finished(kRoom);
  EXPECT_THAT(attendance_.Report(), IsEmpty());
}

// --- what LiveKit tells

TEST_F(AttendanceTest, ALateFarewellOfAnEarlierVisitEndsNotTheNextOne) {
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_1"));
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2"));
  Judge();
  attendance_.Left(kRoom, kAnna, "PA_1");
  EXPECT_THAT(Online(), ElementsAre(kAnna));
  attendance_.Left(kRoom, kAnna, "PA_2");
  EXPECT_THAT(Online(), IsEmpty());
}

TEST_F(AttendanceTest, WhoComesAgainIsJudgedAgain) {
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_1"));
  Judge();
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2"));
  EXPECT_THAT(Online(), IsEmpty());
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
}

TEST_F(AttendanceTest, TheTruthReplacesWhatWasHeard) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  attendance_.Opened(kOtherRoom);
  Judge();
  attendance_.KeepOnly({kRoom});
  attendance_.SetRoom(kRoom, {AParticipant(kBen)}, false);
  Judge();
  EXPECT_THAT(Online(), ElementsAre(kBen));
  EXPECT_THAT(attendance_.TakeClosed(), ElementsAre(kOtherRoom));
}

TEST_F(AttendanceTest, WhoIsNotConnectedYetIsAnnounced) {
  wire::Participant joining = AParticipant();
  joining.set_state("JOINING");
  attendance_.SetRoom(kRoom, {joining}, false);
  Judge();
  EXPECT_EQ(attendance_.Report()[0].occupants(0).state(), ::common::CREATED);
  attendance_.Came(kRoom, AParticipant());
  EXPECT_TRUE(attendance_.changed());
  EXPECT_EQ(attendance_.Report()[0].occupants(0).state(), ::common::CONNECTED);
}

TEST_F(AttendanceTest, AQuestionIsBoundedAndTheRestIsAskedNext) {
  for (int i = 0; i < Attendance::kMostRooms + 1; ++i) {
    attendance_.Opened(absl::StrCat("0190a1b2-0000-7000-8000-", absl::Dec(i, absl::kZeroPad12)));
  }
  EXPECT_EQ(attendance_.Ask().rooms_size(), Attendance::kMostRooms);
  Judge();
  EXPECT_EQ(attendance_.Ask().rooms_size(), 1);
}

}  // namespace attendance_test
}  // namespace usher::livekit
