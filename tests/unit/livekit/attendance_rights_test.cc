#include "tests/unit/livekit/attendance_test_base.h"

namespace usher::livekit {
namespace attendance_rights_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using AttendanceRightsTest = AttendanceTestBase;

// --- put out

TEST_F(AttendanceRightsTest, WhoWasPutOutDoesNotComeBackByTheSameToken) {
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

TEST_F(AttendanceRightsTest, WhoWasPutOutComesBackByALaterToken) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  Do(attendance_.PutOut(kRoom, kAnna, TestTime()));
  attendance_.Came(kRoom, AParticipant(kAnna, "PA_2", TestTime() + absl::Seconds(1)));
  EXPECT_THAT(attendance_.Refuse(), IsEmpty());
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
}

TEST_F(AttendanceRightsTest, WhoIsPutOutOfTheCompanyIsPutOutOfAllRooms) {
  attendance_.Came(kRoom, AParticipant());
  attendance_.Came(kOtherRoom, AParticipant());
  Judge();
  EXPECT_THAT(Do(attendance_.PutOut("", kAnna, TestTime())),
              ElementsAre("remove Anna", "remove Anna"));
}

TEST_F(AttendanceRightsTest, WhoIsPutOutIsRemovedAlsoWhereTheirComingWasNotHeardOf) {
  EXPECT_THAT(Told(attendance_.PutOut(kRoom, kAnna, TestTime())), ElementsAre("remove Anna"));
}

TEST_F(AttendanceRightsTest, WhoseRemovalFailedIsRemovedAgain) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  for (const Act& act : attendance_.PutOut(kRoom, kAnna, TestTime())) attendance_.Failed(act);
  EXPECT_TRUE(attendance_.HasDue());
  EXPECT_THAT(Do(attendance_.Refuse()), ElementsAre("remove Anna"));
  EXPECT_THAT(attendance_.Refuse(), IsEmpty());
}

// --- rights

TEST_F(AttendanceRightsTest, ChangedRightsAreGiven) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.RightsChanged(kRoom, kBen);
  EXPECT_FALSE(attendance_.HasDue());
  attendance_.RightsChanged(kRoom, kAnna);
  EXPECT_THAT(Judge(Rights(true, /*voice=*/false)), ElementsAre("admit Anna"));
  EXPECT_TRUE(attendance_.Report()[0].occupants(0).spectator());
}

TEST_F(AttendanceRightsTest, RightsThatAreTheSameAreNotGivenAgain) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  attendance_.RightsChanged(kRoom, "");
  EXPECT_THAT(Judge(), IsEmpty());
  EXPECT_THAT(Online(), ElementsAre(kAnna));
}

TEST_F(AttendanceRightsTest, RightsOfTheGuestsOfAnAccessAreThoseOfEachOfThem) {
  wire::Participant guest = AParticipant();
  guest.set_metadata(Metadata(TestTime(), kCompany, kGuests));
  attendance_.Came(kRoom, guest);
  Judge();
  attendance_.RightsChanged(kRoom, kGuests);
  EXPECT_THAT(Judge(Rights(false)), ElementsAre("remove Anna"));
}

TEST_F(AttendanceRightsTest, RightsThatSomebodyElseGaveAreTakenBack) {
  attendance_.Came(kRoom, AParticipant());
  Judge();
  wire::Participant changed = AParticipant();
  changed.mutable_permission()->set_can_publish(true);
  changed.mutable_permission()->set_can_subscribe(true);
  attendance_.SetRoom(kRoom, {changed}, false);
  EXPECT_THAT(Judge(), ElementsAre("admit Anna"));
}

// --- quotas

TEST_F(AttendanceRightsTest, WhoComesBeyondTheQuotaIsRemoved) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  Judge(Rights(), 1);
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("remove Ben"));
  attendance_.Left(kRoom, kAnna, "PA_1");
  attendance_.Came(kRoom, AParticipant(kBen, "PA_2"));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Ben"));
}

TEST_F(AttendanceRightsTest, OfTwoWhoComeAtOnceOneTakesTheLastPlace) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Anna", "remove Ben"));
}

TEST_F(AttendanceRightsTest, ThoseAtOtherEnginesCountAsWell) {
  attendance_.Came(kRoom, AParticipant());
  const auto question = attendance_.Ask();
  auto rights = Allow(question, Rights(), 2);
  rights.mutable_rooms(0)->set_active_elsewhere(2);
  EXPECT_THAT(Told(attendance_.Judge(question, rights)), ElementsAre("remove Anna"));
}

TEST_F(AttendanceRightsTest, WhoOnlyWatchesTakesAPlaceOfThoseWhoWatch) {
  attendance_.Came(kRoom, AParticipant(kAnna));
  Judge(Rights(), 1);
  attendance_.Came(kRoom, AParticipant(kBen));
  EXPECT_THAT(Judge(Rights(true, /*voice=*/false), 1), ElementsAre("admit Ben"));
}

TEST_F(AttendanceRightsTest, WhoWasThereBeforeTheAdapterTakesNoPlaceFromAnybody) {
  attendance_.SetRoom(kRoom, {AParticipant(kAnna), AParticipant(kBen)}, /*settled=*/true);
  EXPECT_THAT(Judge(Rights(), 1), ElementsAre("admit Anna", "admit Ben"));
}

}  // namespace attendance_rights_test
}  // namespace usher::livekit
