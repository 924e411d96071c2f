// Creations that a client repeats with the same idempotency-key.
#include "tests/unit/user/user_sagas_test_base.h"

namespace usher::user {
namespace user_sagas_idempotency_test {

using ::testing::ElementsAre;

class UserSagasIdempotencyTest : public UserSagasTestBase {
 protected:
  absl::StatusOr<UserId> Create(const std::string& request_hash = "hash") {
    return sagas_.Create(ACaller().WithIdempotencyKey("key", request_hash).BuildCall(), ann_,
                         password_);
  }
};

TEST_F(UserSagasIdempotencyTest, ARepeatedCreationAnswersTheSameUser) {
  const auto first = Create();
  ASSERT_OK(first);
  EXPECT_THAT(Create(), IsOkAndHolds(*first));
  EXPECT_THAT(auth_.trouble().asked(), ElementsAre(Deed::kEnsure));
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ARepeatedCreationAnswersTheSameUserAlsoWhenItIsGone) {
  const auto first = Create();
  ASSERT_OK(first);
  EXPECT_OK(sagas_.Remove(ACall(), *first));
  EXPECT_THAT(Create(), IsOkAndHolds(*first));
  ExpectNothingLeft();
}

TEST_F(UserSagasIdempotencyTest, TheKeyOfAnotherRequestIsRefused) {
  EXPECT_OK(Create());
  EXPECT_THAT(Create("other"), HasReplyCode(::common::ACTION_INVALID));
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, TheKeysOfTwoCallersAreTwo) {
  const auto first = Create();
  ASSERT_OK(first);
  const auto second = sagas_.Create(
      ACaller().As(UserId(NewUuid())).WithIdempotencyKey("key").BuildCall(), User(), std::nullopt);
  ASSERT_OK(second);
  EXPECT_NE(*first, *second);
}

TEST_F(UserSagasIdempotencyTest, ARepetitionDuringTheCreationIsToldToTryAgain) {
  for (const bool after_the_deed : {false, true}) {
    const auto repeat = [&] {
      EXPECT_THAT(Create(), IsUndecided(absl::StatusCode::kUnavailable));
      EXPECT_EQ(store_.CountUsers(), 1u);
    };
    after_the_deed ? auth_.trouble().OnTheWayBackFrom(Deed::kEnsure, repeat)
                   : auth_.trouble().OnTheWayTo(Deed::kEnsure, repeat);
    auth_.trouble().FailBefore(
        Deed::kEnsure, after_the_deed ? absl::OkStatus() : ActionInvalid("the first call fails"));
    EXPECT_EQ(Create().ok(), after_the_deed);
  }
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ARefusedCreationMayBeRepeatedEvenWithAnotherRequest) {
  auth_.trouble().FailBefore(Deed::kEnsure, ActionInvalid("taken"));
  EXPECT_THAT(Create(), HasReplyCode(::common::ACTION_INVALID));
  auth_.trouble().Heal();
  EXPECT_OK(Create("other"));
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ACreationThatCameToNothingMayBeRepeated) {
  auth_.trouble().FailBefore(Deed::kEnsure, AuthIsAway());
  EXPECT_THAT(Create(), IsUndecided(absl::StatusCode::kUnavailable));
  auth_.trouble().Heal();
  EXPECT_OK(Create());
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ACreationThatTheSweeperUndidMayBeRepeated) {
  auth_.trouble().FailBefore(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(Create(), IsInDoubt());
  auth_.trouble().Heal();
  EXPECT_THAT(Create(), IsUndecided(absl::StatusCode::kUnavailable));
  Sweep();
  ExpectNothingLeft();
  EXPECT_OK(Create());
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ACreationThatTheSweeperCompletedIsAnsweredWhenRepeated) {
  auth_.trouble().FailAfter(Deed::kEnsure, NoAnswer());
  auth_.trouble().FailBefore(Deed::kSettle, AuthIsAway());
  EXPECT_THAT(Create(), IsInDoubt());
  auth_.trouble().Heal();
  Sweep();
  const auto again = Create();
  ASSERT_OK(again);
  EXPECT_TRUE(IsSeen(*again));
  ExpectOneUser();
}

TEST_F(UserSagasIdempotencyTest, ASweeperThatGaveTheCreationUpFreedTheKeyToo) {
  auth_.trouble().OnTheWayTo(Deed::kEnsure, [&] { Sweep(); });
  EXPECT_THAT(Create(), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_OK(Create("other"));
}

}  // namespace user_sagas_idempotency_test
}  // namespace usher::user
