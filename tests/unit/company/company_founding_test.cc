// Foundings: at every point a sister or the database may refuse or be away, and the sweeper comes
// after.
#include "tests/unit/company/company_sagas_test_base.h"

namespace usher::company {
namespace company_founding_test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

using CompanyFoundingTest = CompanySagasTestBase;

TEST_F(CompanyFoundingTest, AFoundedCompanyIsThereEverywhere) {
  const auto founded = Found();
  ASSERT_OK(founded);
  EXPECT_EQ(founded->company, acme_);
  EXPECT_FALSE(founded->owner.empty());
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, NobodySeesACompanyThatIsBeingFounded) {
  tenants_.trouble().OnTheWayTo(Deed::kEnsureProfile, [&] { ExpectInMotion(); });
  tenants_.trouble().OnTheWayBackFrom(Deed::kEnsure, [&] { ExpectInMotion(); });
  EXPECT_OK(Found());
}

TEST_F(CompanyFoundingTest, NobodyCanSignInBeforeTheProfileIsThere) {
  ASSERT_OK(Found());
  EXPECT_THAT(tenants_.trouble().asked(), ElementsAre(Deed::kEnsureProfile, Deed::kEnsure));
}

TEST_F(CompanyFoundingTest, WhatTheUserServiceRefusesIsToldAndNothingIsLeft) {
  const absl::Status refusal = FieldTooLong("user.metadata", 100);
  tenants_.trouble().FailBefore(Deed::kEnsureProfile, refusal);
  EXPECT_EQ(Found().status(), refusal);
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, WhatAuthRefusesIsToldAndNothingIsLeft) {
  const absl::Status refusal = ActionInvalid("the password is very common");
  tenants_.trouble().FailBefore(Deed::kEnsure, refusal);
  EXPECT_EQ(Found().status(), refusal);
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, AnIdThatIsTakenIsRefusedAndNobodyIsAsked) {
  ASSERT_OK(Found());
  EXPECT_EQ(Found().status(), CompanyTaken());
  EXPECT_EQ(tenants_.trouble().asked().size(), 2u);
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, WhoFoundsTheSameAtTheSameTimeIsToldToTryAgain) {
  tenants_.trouble().OnTheWayTo(Deed::kEnsure,
                                [&] { EXPECT_EQ(Found().status(), CompanyInMotion()); });
  EXPECT_OK(Found());
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, ARepetitionWithTheSameKeyAnswersTheFirstCompany) {
  const CallContext call = ACaller().In("operator").WithIdempotencyKey("key").BuildCall();
  const auto first = Found(call);
  ASSERT_OK(first);
  EXPECT_THAT(Found(call), IsOkAndHolds(*first));
}

TEST_F(CompanyFoundingTest, ARepetitionBesideTheFirstCallIsToldToWait) {
  const CallContext call = ACaller().In("operator").WithIdempotencyKey("key").BuildCall();
  tenants_.trouble().OnTheWayTo(Deed::kEnsure,
                                [&] { EXPECT_EQ(Found(call).status(), FoundingUnsettled()); });
  EXPECT_OK(Found(call));
}

TEST_F(CompanyFoundingTest, AKeyWhoseFoundingWasUndoneIsFreeAgain) {
  const CallContext call = ACaller().In("operator").WithIdempotencyKey("key").BuildCall();
  tenants_.trouble().FailBefore(Deed::kEnsure, IsAway());
  EXPECT_EQ(Found(call).status(), IsAway());
  tenants_.trouble().Heal();
  EXPECT_OK(Found(call));
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, AProfileWhoseAnswerIsLostLeavesNoCompany) {
  tenants_.trouble().FailAfter(Deed::kEnsureProfile, NoAnswer());
  EXPECT_EQ(Found().status(), FoundingGivenUp());
  EXPECT_THAT(tenants_.trouble().asked(), Not(Contains(Deed::kEnsure)));
  ExpectInMotion();
  tenants_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, AFoundingWhoseAnswerIsLostIsLookedUp) {
  tenants_.trouble().FailAfter(Deed::kEnsure, NoAnswer());
  EXPECT_OK(Found());
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, AFoundingThatNeverReachedAuthIsRuledOutAndGivenUp) {
  tenants_.trouble().FailBefore(Deed::kEnsure, NoAnswer());
  EXPECT_EQ(Found().status(), FoundingGivenUp());
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, AFoundingThatNobodyCanLookUpIsInDoubtAndSettledByTheSweeper) {
  for (const bool reached : {false, true}) {
    auto& trouble = tenants_.trouble();
    reached ? trouble.FailAfter(Deed::kEnsure, NoAnswer())
            : trouble.FailBefore(Deed::kEnsure, NoAnswer());
    trouble.FailBefore(Deed::kSettle, IsAway());
    EXPECT_THAT(Found(), InDoubtOfIt());
    ExpectInMotion();
    trouble.Heal();
    Sweep();
    reached ? ExpectTheCompany() : ExpectNothingLeft();
  }
}

TEST_F(CompanyFoundingTest, AnEnsureThatComesAfterTheSweeperIsRefused) {
  tenants_.trouble().OnTheWayTo(Deed::kEnsure, [&] {
    Sweep();
    ExpectNothingLeft();
  });
  EXPECT_EQ(Found().status(), FoundingGivenUp());
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, AFoundingIsInDoubtWhenTheDatabaseIsAwayAtTheEnd) {
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_THAT(Found(), InDoubtOfIt());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectTheCompany();
}

TEST_F(CompanyFoundingTest, NobodyIsAskedWhenTheDatabaseIsAwayAtTheStart) {
  store_.FailAfter(0, DatabaseIsAway());
  EXPECT_EQ(Found().status(), DatabaseIsAway());
  EXPECT_TRUE(tenants_.trouble().asked().empty());
}

// Else the next company of that name would find the profile of another one's administrator.
TEST_F(CompanyFoundingTest, AnIdIsNotFreeBeforeTheProfileIsGone) {
  tenants_.trouble().FailBefore(Deed::kEnsure, ActionInvalid("refused"));
  tenants_.trouble().FailBefore(Deed::kClear, IsAway());
  EXPECT_THAT(Found(), HasReplyCode(::common::ACTION_INVALID));
  ExpectInMotion();
  EXPECT_EQ(Found().status(), CompanyInMotion());
  tenants_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyFoundingTest, AFoundingIsLeftAloneWhileItsLeaseLasts) {
  tenants_.trouble().OnTheWayTo(Deed::kEnsure,
                                [&] { EXPECT_THAT(SettleOne(), IsOkAndHolds(false)); });
  EXPECT_OK(Found());
}

}  // namespace company_founding_test
}  // namespace usher::company
