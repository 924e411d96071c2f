// Creations: at every point auth or the database may refuse or be away, and the sweeper comes
// after.
#include "services/user/user_sagas.h"

#include <atomic>
#include <memory>

#include "absl/time/clock.h"
#include "services/user/user_errors.h"
#include "tests/unit/user/user_sagas_test_base.h"

namespace usher::user {
namespace user_sagas_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UserSagasTest : public UserSagasTestBase {
 protected:
  absl::StatusOr<UserId> Create(const CallContext& call = ACall()) {
    return sagas_.Create(call, ann_, password_);
  }
};

TEST_F(UserSagasTest, ACreatedUserIsSeenAndSignsIn) {
  const auto ann = Create();
  ASSERT_OK(ann);
  ann_.id = *ann;
  EXPECT_THAT(store_.Find(ACall(), KeyOf(*ann)), IsOkAndHolds(ann_));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(*ann)), ElementsAre("ann"));
  EXPECT_EQ(store_.CountSagas(), 0u);
}

TEST_F(UserSagasTest, AUserWithoutCredentialsIsKnownToAuthAsWell) {
  const auto ann = sagas_.Create(ACall(), ann_, std::nullopt);
  ASSERT_OK(ann);
  EXPECT_TRUE(auth_.Knows(KeyOf(*ann)));
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(*ann)), IsEmpty());
}

TEST_F(UserSagasTest, NobodySeesAUserBeforeAuthKnowsIt) {
  auth_.trouble().OnTheWayTo(Deed::kEnsure, [&] { ExpectInMotion(); });
  auth_.trouble().OnTheWayBackFrom(Deed::kEnsure, [&] { ExpectInMotion(); });
  EXPECT_OK(Create());
  ExpectOneUser();
}

TEST_F(UserSagasTest, ATakenAddressIsFoundOutBeforeAuthIsAsked) {
  Made();
  EXPECT_THAT(Create(), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(auth_.trouble().asked(), ElementsAre(Deed::kEnsure));
  ExpectOneUser();
}

TEST_F(UserSagasTest, WhatAuthRefusesNeverWas) {
  for (const absl::Status& refusal :
       {ActionInvalid("taken"), PermissionMissing("USER_CREATE"), FieldMissing("password"),
        CompanyNotFound(), TokenRefused()}) {
    auth_.trouble().FailBefore(Deed::kEnsure, refusal);
    EXPECT_EQ(Create().status(), refusal);
    ExpectNothingLeft();
  }
  EXPECT_THAT(auth_.trouble().asked(), ::testing::Each(Deed::kEnsure));
}

TEST_F(UserSagasTest, WhatWasNeverAskedOfAuthNeverWas) {
  for (const absl::Status& failure : {AuthIsAway(), Overloaded("the auth service")}) {
    auth_.trouble().FailBefore(Deed::kEnsure, failure);
    EXPECT_EQ(Create().status(), failure);
    ExpectNothingLeft();
  }
  EXPECT_THAT(auth_.trouble().asked(), ::testing::Each(Deed::kEnsure));
}

TEST_F(UserSagasTest, WhenAuthSaysThatTheDeedDidNotHappenNothingIsLeft) {
  for (const absl::Status& failure :
       {NoAnswer(), OutOfTime("waiting for the auth service"),
        absl::CancelledError("the client went away"), RemoteError("auth")}) {
    auth_.trouble().FailBefore(Deed::kEnsure, failure);
    EXPECT_EQ(Create().status(), CreationGivenUp());
    ExpectNothingLeft();
  }
}

TEST_F(UserSagasTest, WhenOnlyAuthsAnswerIsLostTheUserIsMade) {
  for (const absl::Status& failure : {NoAnswer(), RemoteError("auth"), OutOfTime("waiting")}) {
    auth_.trouble().FailAfter(Deed::kEnsure, failure);
    const auto ann = Create();
    ASSERT_OK(ann);
    ExpectOneUser();
    EXPECT_OK(sagas_.Remove(ACall(), *ann));
  }
}

TEST_F(UserSagasTest, ACreationThatNeverReachedAuthIsUndoneByTheSweeper) {
  auth_.trouble().FailBefore(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(Create(), IsInDoubt());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasTest, ACreationWhoseSettlingWasNotHeardOfIsUndoneByTheSweeper) {
  auth_.trouble().FailBefore(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailAfter(Deed::kSettle, NoAnswer());
  EXPECT_THAT(Create(), IsInDoubt());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasTest, ACreationThatReachedAuthIsCompletedByTheSweeper) {
  auth_.trouble().FailAfter(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(Create(), IsInDoubt());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasTest, ACreationIsLeftAloneWhileItsLeaseLasts) {
  auth_.trouble().OnTheWayTo(Deed::kEnsure, [&] { EXPECT_THAT(SettleOne(), IsOkAndHolds(false)); });
  EXPECT_OK(Create());
}

TEST_F(UserSagasTest, ASweeperThatComesFirstGivesTheCreationUp) {
  auth_.trouble().OnTheWayTo(Deed::kEnsure, [&] { Sweep(); });
  EXPECT_THAT(Create(), IsUndecided(absl::StatusCode::kUnavailable));
  ExpectNothingLeft();
  EXPECT_OK(Create());
}

TEST_F(UserSagasTest, ASweeperThatComesRightAfterTheDeedCompletesTheCreation) {
  auth_.trouble().OnTheWayBackFrom(Deed::kEnsure, [&] {
    Sweep();
    ExpectOneUser();
  });
  EXPECT_OK(Create());
  ExpectOneUser();
}

TEST_F(UserSagasTest, NothingIsAskedOfAuthWhenTheDatabaseIsAwayAtTheStart) {
  store_.FailAfter(0, DatabaseIsAway());
  EXPECT_EQ(Create().status(), DatabaseIsAway());
  EXPECT_THAT(auth_.trouble().asked(), IsEmpty());
}

// Told as "nothing was changed" before.
TEST_F(UserSagasTest, WhenTheDatabaseIsAwayAtTheEndItIsInDoubtAndTheSweeperCompletes) {
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(Create(), IsInDoubt());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasTest, ARefusalIsToldAlsoWhenTheDatabaseIsAwayForTheUndoing) {
  auth_.trouble().FailBefore(Deed::kEnsure, ActionInvalid("taken"));
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(Create(), HasReplyCode(::common::ACTION_INVALID));
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  auth_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(UserSagasTest, TheSweeperWaitsForAuthAndForTheDatabase) {
  auth_.trouble().FailAfter(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_FALSE(Create().ok());
  store_.EndLeases();
  EXPECT_EQ(SettleOne().status(), AuthIsAway());
  auth_.trouble().Heal();
  EXPECT_THAT(SettleOne(), IsOkAndHolds(false));  // claimed, though in vain
  store_.EndLeases();
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_EQ(SettleOne().status(), DatabaseIsAway());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectOneUser();
}

TEST_F(UserSagasTest, WhatMustStillBeAskedIsAskedAfterTheClientHasGone) {
  auto cancelled = std::make_shared<std::atomic<bool>>(true);
  CallContext call = ACaller().Until(absl::Now() - absl::Seconds(1)).BuildCall();
  call.cancelled = cancelled;
  auth_.trouble().FailAfter(Deed::kEnsure, absl::CancelledError("the client went away"));
  EXPECT_OK(Create(call));
  EXPECT_THAT(auth_.trouble().asked(), ElementsAre(Deed::kEnsure, Deed::kSettle));
  EXPECT_FALSE(auth_.LastCall().IsCancelled());
  EXPECT_GT(auth_.LastCall().deadline, absl::Now());
  EXPECT_LT(auth_.LastCall().deadline, absl::Now() + kLease);
}

TEST_F(UserSagasTest, TheSweeperHasADeadline) {
  auth_.trouble().FailBefore(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_FALSE(Create().ok());
  auth_.trouble().Heal();
  Sweep();
  EXPECT_GT(auth_.LastCall().deadline, absl::Now());
  EXPECT_LT(auth_.LastCall().deadline, absl::Now() + kLease);
}

}  // namespace user_sagas_test
}  // namespace usher::user
