// Profiles for users whom auth knows already: where auth or the database may refuse or be away.
#include <gtest/gtest.h>

#include "tests/unit/user/user_sagas_test_base.h"

namespace usher::user {
namespace user_sagas_profile_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UserSagasProfileTest : public UserSagasTestBase {
 protected:
  UserSagasProfileTest() {
    ann_.id = UserId(NewUuid());
    auth_.Add(KeyOf(ann_.id));
  }
  absl::Status MakeProfile() { return sagas_.MakeProfile(ACall(), ann_, password_); }
};

TEST_F(UserSagasProfileTest, ProfileAndMethodsAreMadeTogether) {
  EXPECT_OK(MakeProfile());
  EXPECT_THAT(store_.Find(ACall(), KeyOf(ann_.id)), IsOkAndHolds(ann_));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_.id)), ElementsAre("ann"));
  ExpectOneUser();
}

TEST_F(UserSagasProfileTest, WithoutCredentialsNoMethodsAreChanged) {
  EXPECT_OK(sagas_.MakeProfile(ACall(), ann_, std::nullopt));
  EXPECT_THAT(auth_.trouble().asked(), ElementsAre(Deed::kSettle));
  ExpectOneUser();
}

TEST_F(UserSagasProfileTest, RefusedCredentialsLeaveNoProfile) {
  for (const absl::Status& failure : {ActionInvalid("too common"), AuthIsAway()}) {
    auth_.trouble().FailBefore(Deed::kUpdateMethods, failure);
    EXPECT_EQ(MakeProfile(), failure);
    ExpectNothingLeft();
    EXPECT_TRUE(auth_.Knows(KeyOf(ann_.id)));
    EXPECT_THAT(auth_.UsernamesOf(KeyOf(ann_.id)), IsEmpty());
  }
}

TEST_F(UserSagasProfileTest, CredentialsThatWereNotHeardOfAreInDoubtAndLeaveNoProfile) {
  for (const absl::Status& failure : {NoAnswer(), RemoteError("auth"), OutOfTime("waiting")}) {
    auth_.trouble().FailAfter(Deed::kUpdateMethods, failure);
    EXPECT_THAT(MakeProfile(), IsInDoubt());
    ExpectNothingLeft();
  }
}

TEST_F(UserSagasProfileTest, WithoutCredentialsAProfileThatCannotBeSettledNeverWas) {
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_EQ(sagas_.MakeProfile(ACall(), ann_, std::nullopt), AuthIsAway());
  ExpectNothingLeft();
}

// The sweeper will find the user there, and complete it.
TEST_F(UserSagasProfileTest, AProfileThatCannotBeUndoneIsNeverSaidNotToBeMade) {
  auth_.trouble().FailBefore(Deed::kUpdateMethods, ActionInvalid("too common"));
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(MakeProfile(), IsInDoubt());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  EXPECT_TRUE(IsSeen(ann_.id));
}

TEST_F(UserSagasProfileTest, NorOneWithoutCredentials) {
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(sagas_.MakeProfile(ACall(), ann_, std::nullopt), IsInDoubt());
  store_.FailAfter(0, absl::OkStatus());
  auth_.trouble().Heal();
  ExpectInMotion();
  Sweep();
  EXPECT_TRUE(IsSeen(ann_.id));
}

TEST_F(UserSagasProfileTest, WhoIsRemovedMeanwhileGetsNoProfile) {
  auth_.trouble().OnTheWayTo(Deed::kSettle, [&] { EXPECT_OK(auth_.Remove(ACall(), ann_.id)); });
  EXPECT_EQ(MakeProfile(), UserNotFound());
  ExpectNothingLeft();
}

TEST_F(UserSagasProfileTest, WhileTheUserIsInMotionNothingIsChanged) {
  EXPECT_OK(store_.BeginCreation(ACall(), KeyOf(ann_.id), ann_, kLease));
  EXPECT_THAT(MakeProfile(), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(auth_.trouble().asked(), IsEmpty());
  ExpectInMotion();
}

TEST_F(UserSagasProfileTest, AProfileThatWasNotSettledIsCompletedByTheSweeper) {
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(MakeProfile(), IsInDoubt());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasProfileTest, AProfileOfWhoIsGoneBySweepingTimeIsUndone) {
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(MakeProfile(), IsInDoubt());
  auth_.trouble().Heal();
  EXPECT_OK(auth_.Remove(ACall(), ann_.id));
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasProfileTest, WhenTheDatabaseIsAwayAtTheEndTheSweeperCompletes) {
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(MakeProfile(), IsInDoubt());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectOneUser();
}

}  // namespace user_sagas_profile_test
}  // namespace usher::user
