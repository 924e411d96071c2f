#include "deploy/engines/livekit/attendance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/livekit/participants.h"

namespace usher::livekit {
namespace attendance_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// "admit Anna" and the like.
std::vector<std::string> Told(const std::vector<Act>& acts) {
  std::vector<std::string> told;
  for (const Act& act : acts) {
    const std::string who = act.identity == kAnna  ? "Anna"
                            : act.identity == kBen ? "Ben"
                                                   : act.identity;
    switch (act.kind) {
      case Act::Kind::kAdmit:
        told.push_back("admit " + who);
        break;
      case Act::Kind::kRemove:
        told.push_back("remove " + who);
        break;
      case Act::Kind::kDelete:
        told.push_back(act.room == kRoom ? "delete" : "delete another");
        break;
    }
  }
  return told;
}

class AttendanceTest : public ::testing::Test {
 protected:
  // Everybody who waits is judged by these rights; what is to be done is done.
  std::vector<std::string> Judge(const ::common::Permissions& rights = Rights(),
                                 uint32_t quota = 0) {
    const auto question = attendance_.Ask();
    return Do(attendance_.Judge(question, Allow(question, rights, quota)));
  }
  std::vector<std::string> JudgeInNoRoom() { return Do(attendance_.Judge(attendance_.Ask(), {})); }
  std::vector<std::string> Do(const std::vector<Act>& acts) {
    for (const Act& act : acts) attendance_.Done(act);
    return Told(acts);
  }
  // The users in the one room that is reported.
  std::vector<std::string> Online() {
    std::vector<std::string> users;
    for (const auto& room : attendance_.Report()) {
      for (const auto& occupant : room.occupants()) users.push_back(occupant.person().user_id());
    }
    return users;
  }

  Attendance attendance_{kCompany};
};

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

TEST_F(AttendanceTest, AnEmptyRoomIsReportedAsLongAsItIsOpen) {
  attendance_.Opened(kRoom);
  Judge();
  ASSERT_THAT(attendance_.Report(), SizeIs(1));
  attendance_.Finished(kRoom);
  EXPECT_THAT(attendance_.Report(), IsEmpty());
}

// --- put out

TEST_F(AttendanceTest, WhoWasPutOutDoesNotComeBackByTheSameToken) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  EXPECT_THAT(Do(attendance_.PutOut(kRoom, kAnna, TestTime() + absl::Minutes(1))),
              ElementsAre("remove Anna"));
  EXPECT_THAT(Online(), IsEmpty());
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2"));
  EXPECT_THAT(Told(attendance_.Refuse()), ElementsAre("remove Anna"));
  // Also where that failed, and usher would let her in.
  EXPECT_THAT(Judge(), ElementsAre("remove Anna"));
}

TEST_F(AttendanceTest, WhoWasPutOutComesBackByALaterToken) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  Do(attendance_.PutOut(kRoom, kAnna, TestTime()));
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2", TestTime() + absl::Seconds(1)));
  EXPECT_THAT(attendance_.Refuse(), IsEmpty());
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
}

TEST_F(AttendanceTest, WhoIsPutOutOfTheCompanyIsPutOutOfAllRooms) {
  attendance_.Came(kRoom, AParticipant());
  attendance_.Came(kOtherRoom, AParticipant());
  Judge();
  EXPECT_THAT(Do(attendance_.PutOut("", kAnna, TestTime())),
              ElementsAre("remove Anna", "remove Anna"));
}

TEST_F(AttendanceTest, WhoIsPutOutIsRemovedAlsoWhereTheirComingWasNotHeardOf) {
  EXPECT_THAT(Told(attendance_.PutOut(kRoom, kAnna, TestTime())), ElementsAre("remove Anna"));
}

TEST_F(AttendanceTest, WhoseRemovalFailedIsRemovedAgain) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  for (const Act& act : attendance_.PutOut(kRoom, kAnna, TestTime())) attendance_.Failed(act);
  EXPECT_TRUE(attendance_.HasDue());
  EXPECT_THAT(Do(attendance_.Refuse()), ElementsAre("remove Anna"));
  EXPECT_THAT(attendance_.Refuse(), IsEmpty());
}

// --- rights

TEST_F(AttendanceTest, ChangedRightsAreGiven) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.RightsChanged(kRoom, kBen);
  EXPECT_FALSE(attendance_.HasDue());
  attendance_.RightsChanged(kRoom, kAnna);
  EXPECT_THAT(Judge(Rights(true, /*voice=*/false)), ElementsAre("admit Anna"));
  EXPECT_TRUE(attendance_.Report()[0].occupants(0).spectator());
}

TEST_F(AttendanceTest, RightsThatAreTheSameAreNotGivenAgain) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.RightsChanged(kRoom, "");
  EXPECT_THAT(Judge(), IsEmpty());
  EXPECT_THAT(Online(), ElementsAre(kAnna));
}

TEST_F(AttendanceTest, RightsOfTheGuestsOfAnAccessAreThoseOfEachOfThem) {
  wire::Participant guest = AParticipant();
  guest.set_metadata(Metadata(TestTime(), kCompany, kGuests));
  attendance_.Came(kRoom, guest);
  Judge();
  attendance_.RightsChanged(kRoom, kGuests);
  EXPECT_THAT(Judge(Rights(false)), ElementsAre("remove Anna"));
}

TEST_F(AttendanceTest, RightsThatSomebodyElseGaveAreTakenBack) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  wire::Participant changed = AParticipant();
  changed.mutable_permission()->set_can_publish(true);
  changed.mutable_permission()->set_can_subscribe(true);
  attendance_.SetRoom(kRoom, {changed}, false);
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
}

// --- quotas

TEST_F(AttendanceTest, WhoComesBeyondTheQuotaIsRemoved) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  Judge(Rights(), 1);
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("remove Ben"));
  attendance_.Left(kRoom, kAnna, "PA_1");
  attendance_.Came(kRoom, AParticipant(kBen, "PA_2"));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Ben"));
}

TEST_F(AttendanceTest, OfTwoWhoComeAtOnceOneTakesTheLastPlace) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Anna", "remove Ben"));
}

TEST_F(AttendanceTest, ThoseAtOtherEnginesCountAsWell) {
  attendance_.Came(kRoom, AParticipant());
  const auto question = attendance_.Ask();
  auto rights = Allow(question, Rights(), 2);
  rights.mutable_rooms(0)->set_active_elsewhere(2);
  EXPECT_THAT(Told(attendance_.Judge(question, rights)), ElementsAre("remove Anna"));
}

TEST_F(AttendanceTest, WhoOnlyWatchesTakesAPlaceOfThoseWhoWatch) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  Judge(Rights(), 1);
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(true, /*voice=*/false), 1), ElementsAre("admit Ben"));
}

TEST_F(AttendanceTest, WhoWasThereBeforeTheAdapterTakesNoPlaceFromAnybody) {
  attendance_.SetRoom(kRoom, {AParticipant(kAnna), AParticipant(kBen)}, /*settled=*/true);
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Anna", "admit Ben"));
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
