// Removals: at every point auth or the database may refuse or be away, and the sweeper comes after.
#include <gtest/gtest.h>

#include "tests/unit/user/user_sagas_test_base.h"

namespace usher::user {
namespace user_sagas_removal_test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class UserSagasRemovalTest : public UserSagasTestBase {
 protected:
  absl::Status Remove() { return sagas_.Remove(ACall(), user_); }

  const UserId user_ = Made();
};

TEST_F(UserSagasRemovalTest, ARemovedUserIsGoneEverywhere) {
  EXPECT_OK(Remove());
  ExpectNothingLeft();
  EXPECT_FALSE(auth_.Knows(KeyOf(user_)));
}

TEST_F(UserSagasRemovalTest, WhatOthersKeepOfARemovedUserIsForgottenByTheSweeper) {
  EXPECT_OK(Remove());
  EXPECT_FALSE(traces_.HasForgotten(KeyOf(user_))) << "the caller does not wait for it";
  EXPECT_EQ(store_.CountForgettings(), 1u);
  EXPECT_THAT(SettleOne(), IsOkAndHolds(true));
  EXPECT_TRUE(traces_.HasForgotten(KeyOf(user_)));
  EXPECT_EQ(store_.CountForgettings(), 0u);
}

TEST_F(UserSagasRemovalTest, ARemovalDoesNotWaitForWhoeverKeepsSomethingOfTheUser) {
  traces_.FailWith(Unreachable("the room service"));
  EXPECT_OK(Remove());
  ExpectNothingLeft();
  store_.EndLeases();
  EXPECT_THAT(SettleOne(), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(store_.CountForgettings(), 1u);
  traces_.FailWith(absl::OkStatus());
  Sweep();
  EXPECT_TRUE(traces_.HasForgotten(KeyOf(user_)));
  EXPECT_EQ(store_.CountForgettings(), 0u);
}

TEST_F(UserSagasRemovalTest, WhoHadNoProfileIsForgottenToo) {
  const UserId nameless(NewUuid());
  auth_.Add(KeyOf(nameless));
  EXPECT_OK(sagas_.Remove(ACall(), nameless));
  Sweep();
  EXPECT_TRUE(traces_.HasForgotten(KeyOf(nameless)));
}

TEST_F(UserSagasRemovalTest, WhoWasNotRemovedIsForgottenByNobody) {
  auth_.trouble().FailBefore(Deed::kRemove, PermissionMissing("USER_ADMIN"));
  EXPECT_THAT(Remove(), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  auth_.trouble().FailBefore(Deed::kRemove, NoAnswer());
  EXPECT_THAT(Remove(), IsInDoubt());
  auth_.trouble().Heal();
  Sweep();
  ExpectOneUser();
  EXPECT_FALSE(traces_.HasForgotten(KeyOf(user_)));
}

TEST_F(UserSagasRemovalTest, ARemovalThatTheSweeperCompletesIsForgottenAsWell) {
  auth_.trouble().FailAfter(Deed::kRemove, NoAnswer());
  auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
  EXPECT_THAT(Remove(), IsInDoubt());
  auth_.trouble().Heal();
  Sweep();
  EXPECT_TRUE(traces_.HasForgotten(KeyOf(user_)));
  EXPECT_EQ(store_.CountForgettings(), 0u);
}

TEST_F(UserSagasRemovalTest, NobodySeesAUserWhomAuthIsRemoving) {
  auth_.trouble().OnTheWayTo(Deed::kRemove, [&] { ExpectInMotion(); });
  auth_.trouble().OnTheWayBackFrom(Deed::kRemove, [&] { ExpectInMotion(); });
  EXPECT_OK(Remove());
}

TEST_F(UserSagasRemovalTest, WhomAuthRefusesToRemoveIsSeenAgain) {
  for (const absl::Status& refusal :
       {PermissionMissing("USER_ADMIN"), ActionInvalid("the last administrator"), TokenRefused()}) {
    auth_.trouble().FailBefore(Deed::kRemove, refusal);
    EXPECT_EQ(Remove(), refusal);
    ExpectOneUser();
  }
}

TEST_F(UserSagasRemovalTest, AProfileWhoseUserAuthDoesNotKnowIsRemoved) {
  auth_.trouble().FailBefore(Deed::kRemove, UserNotFound());
  EXPECT_OK(Remove());
  ExpectNothingLeft();
}

TEST_F(UserSagasRemovalTest, WhoIsUnknownToBothIsNotFound) {
  EXPECT_EQ(sagas_.Remove(ACall(), UserId(NewUuid())), UserNotFound());
  ExpectOneUser();
}

TEST_F(UserSagasRemovalTest, WhoHasNoProfileIsRemovedFromAuth) {
  const UserId nameless(NewUuid());
  auth_.Add(KeyOf(nameless));
  EXPECT_OK(sagas_.Remove(ACall(), nameless));
  EXPECT_FALSE(auth_.Knows(KeyOf(nameless)));
  ExpectOneUser();
}

TEST_F(UserSagasRemovalTest, WhoWasRemovedBeforeIsNotFoundAndAuthIsNotToldAgain) {
  EXPECT_OK(Remove());
  EXPECT_EQ(Remove(), UserNotFound());
  EXPECT_THAT(auth_.trouble().asked(),
              ElementsAre(Deed::kEnsure, Deed::kRemove, Deed::kWasRemoved));
}

TEST_F(UserSagasRemovalTest, WithoutProfileNothingIsRemovedUntilAuthSaysWhoIsThere) {
  const UserId nameless(NewUuid());
  auth_.Add(KeyOf(nameless));
  auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
  EXPECT_EQ(sagas_.Remove(ACall(), nameless), AuthIsAway());
  EXPECT_TRUE(auth_.Knows(KeyOf(nameless)));
}

TEST_F(UserSagasRemovalTest, AProfileThatWasMadeMeanwhileGoesToo) {
  const UserId nameless(NewUuid());
  auth_.Add(KeyOf(nameless));
  auth_.trouble().OnTheWayTo(Deed::kRemove, [&] {
    User profile;
    profile.id = nameless;
    EXPECT_OK(sagas_.MakeProfile(ACall(), profile, std::nullopt));
  });
  EXPECT_OK(sagas_.Remove(ACall(), nameless));
  EXPECT_FALSE(IsSeen(nameless));
  ExpectOneUser();
}

TEST_F(UserSagasRemovalTest, WhoIsStillBeingMadeIsNotFound) {
  const UserKey soon = KeyOf(UserId(NewUuid()));
  EXPECT_OK(store_.BeginCreation(ACall(), soon, User(), kLease));
  EXPECT_EQ(sagas_.Remove(ACall(), soon.user), UserNotFound());
  EXPECT_THAT(auth_.trouble().asked(), Not(Contains(Deed::kRemove)));
  EXPECT_OK(store_.CompleteCreation(ACall(), soon));
  EXPECT_TRUE(IsSeen(soon.user));
}

TEST_F(UserSagasRemovalTest, ARemovalThatNeverReachedAuthIsUndoneByTheSweeper) {
  for (const absl::Status& failure :
       {NoAnswer(), RemoteError("auth"), OutOfTime("waiting for the auth service")}) {
    auth_.trouble().FailBefore(Deed::kRemove, failure);
    EXPECT_THAT(Remove(), IsInDoubt());
    ExpectInMotion();
    auth_.trouble().Heal();
    Sweep();
    ExpectOneUser();
  }
}

TEST_F(UserSagasRemovalTest, ARemovalThatWasNeverAskedOfAuthNeverWas) {
  for (const absl::Status& failure : {AuthIsAway(), Overloaded("the auth service")}) {
    auth_.trouble().FailBefore(Deed::kRemove, failure);
    EXPECT_EQ(Remove(), failure);
    ExpectOneUser();
  }
}

TEST_F(UserSagasRemovalTest, ARemovalWhoseAnswerIsLostIsLookedUp) {
  auth_.trouble().FailAfter(Deed::kRemove, NoAnswer());
  EXPECT_OK(Remove());
  ExpectNothingLeft();
}

// Told as "nothing was changed" before.
TEST_F(UserSagasRemovalTest, ARemovalThatReachedAuthIsInDoubtAndCompletedByTheSweeper) {
  auth_.trouble().FailAfter(Deed::kRemove, NoAnswer());
  auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
  EXPECT_THAT(Remove(), IsInDoubt());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasRemovalTest, ARepeatedRemovalEndsWhatTheFirstBegan) {
  for (const bool reached : {false, true}) {
    const UserId user = reached ? Made() : user_;
    reached ? auth_.trouble().FailAfter(Deed::kRemove, NoAnswer())
            : auth_.trouble().FailBefore(Deed::kRemove, NoAnswer());
    auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
    EXPECT_THAT(sagas_.Remove(ACall(), user), IsInDoubt());
    auth_.trouble().Heal();
    EXPECT_OK(sagas_.Remove(ACall(), user));
    ExpectNothingLeft();
  }
}

TEST_F(UserSagasRemovalTest, ARefusedRepetitionLeavesTheFirstToTheSweeper) {
  auth_.trouble().FailBefore(Deed::kRemove, NoAnswer());
  EXPECT_THAT(Remove(), IsInDoubt());
  auth_.trouble().FailBefore(Deed::kRemove, PermissionMissing("USER_ADMIN"));
  EXPECT_THAT(Remove(), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  ExpectInMotion();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasRemovalTest, WhoJoinsARemovalInDoubtIsInDoubtToo) {
  auth_.trouble().FailBefore(Deed::kRemove, NoAnswer());
  EXPECT_THAT(Remove(), IsInDoubt());
  auth_.trouble().FailBefore(Deed::kRemove, AuthIsAway());
  EXPECT_THAT(Remove(), IsInDoubt());
  ExpectInMotion();
}

TEST_F(UserSagasRemovalTest, ARefusedRemovalDoesNotShowAUserWhomAnotherCallIsRemoving) {
  auth_.trouble().OnTheWayTo(Deed::kRemove, [&] {
    auth_.trouble().FailAfter(Deed::kRemove, NoAnswer());
    auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
    EXPECT_THAT(Remove(), IsInDoubt());
    auth_.trouble().Heal();
    auth_.trouble().FailBefore(Deed::kRemove, PermissionMissing("USER_ADMIN"));
  });
  EXPECT_THAT(Remove(), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  ExpectInMotion();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasRemovalTest, ARemovalHasHappenedAlsoWhenTheDatabaseIsAwayAtTheEnd) {
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_OK(Remove());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasRemovalTest, AProfileWithoutAUserIsInDoubtWhenTheDatabaseIsAwayAtTheEnd) {
  auth_.trouble().FailBefore(Deed::kRemove, UserNotFound());
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(Remove(), IsInDoubt());
}

TEST_F(UserSagasRemovalTest, ARefusalIsToldAlsoWhenTheDatabaseIsAwayForTheUndoing) {
  auth_.trouble().FailBefore(Deed::kRemove, PermissionMissing("USER_ADMIN"));
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(Remove(), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasRemovalTest, NothingIsAskedOfAuthWhenTheDatabaseIsAwayAtTheStart) {
  store_.FailAfter(0, DatabaseIsAway());
  EXPECT_EQ(Remove(), DatabaseIsAway());
  EXPECT_THAT(auth_.trouble().asked(), Not(Contains(Deed::kRemove)));
}

TEST_F(UserSagasRemovalTest, TheSweeperWaitsForAuth) {
  auth_.trouble().FailAfter(Deed::kRemove, NoAnswer());
  auth_.trouble().FailBefore(Deed::kWasRemoved, AuthIsAway());
  EXPECT_THAT(Remove(), IsInDoubt());
  store_.EndLeases();
  EXPECT_EQ(SettleOne().status(), AuthIsAway());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasRemovalTest, ARemovalIsLeftAloneWhileItsLeaseLasts) {
  auth_.trouble().OnTheWayTo(Deed::kRemove, [&] { EXPECT_THAT(SettleOne(), IsOkAndHolds(false)); });
  EXPECT_OK(Remove());
}

TEST_F(UserSagasRemovalTest, ASweeperThatComesRightAfterTheDeedCompletesTheRemoval) {
  auth_.trouble().OnTheWayBackFrom(Deed::kRemove, [&] {
    Sweep();
    ExpectNothingLeft();
  });
  EXPECT_OK(Remove());
  ExpectNothingLeft();
}

// A call that outlives its lease: the sweeper has shown the user again, auth removes it all the
// same.
TEST_F(UserSagasRemovalTest, ASweeperThatComesBeforeTheDeedDoesNotKeepTheUser) {
  auth_.trouble().OnTheWayTo(Deed::kRemove, [&] {
    Sweep();
    ExpectOneUser();
  });
  EXPECT_OK(Remove());
  ExpectNothingLeft();
}

}  // namespace user_sagas_removal_test
}  // namespace usher::user
