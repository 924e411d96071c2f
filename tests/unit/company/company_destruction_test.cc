// Destructions: gone from the answer on, cleared up behind it, and never half.
#include "tests/unit/company/company_sagas_test_base.h"

namespace usher::company {
namespace company_destruction_test {

class CompanyDestructionTest : public CompanySagasTestBase {
 protected:
  CompanyDestructionTest() { EXPECT_OK(Found()); }
};

TEST_F(CompanyDestructionTest, ADestroyedCompanyIsGoneFromTheAnswerOn) {
  EXPECT_OK(Destroy());
  EXPECT_FALSE(store_.IsSeen(acme_));
  EXPECT_FALSE(tenants_.CanSignIn(acme_));
  EXPECT_EQ(Destroy(), CompanyNotFound());
}

TEST_F(CompanyDestructionTest, TheClearingUpGoesOnInTheBackground) {
  EXPECT_OK(Destroy());
  EXPECT_EQ(tenants_.profiles(), 1u);
  EXPECT_THAT(SettleOne(), IsOkAndHolds(true));
  EXPECT_EQ(tenants_.profiles(), 0u);
}

TEST_F(CompanyDestructionTest, TheIdRestsUntilNoServerActsOnOldNews) {
  EXPECT_OK(Destroy());
  EXPECT_EQ(tenants_.rest(), kRest) << "tokens are dead for as long as the ID rests";
  EXPECT_THAT(SettleOne(), IsOkAndHolds(true));
  EXPECT_EQ(Found().status(), NameRests());
  EXPECT_THAT(SettleOne(), IsOkAndHolds(false)) << "nobody claims it while it rests";
  Sweep();
  ExpectNothingLeft();
  EXPECT_OK(Found());
  ExpectTheCompany();
}

TEST_F(CompanyDestructionTest, WhatWasWrittenWhileTheIdRestedIsClearedBeforeItIsFree) {
  EXPECT_OK(Destroy());
  EXPECT_THAT(SettleOne(), IsOkAndHolds(true));
  FirstUsers& users = tenants_;
  EXPECT_OK(users.Ensure(Founder(), acme_, UserId(NewUuid()), ""));
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, MuchIsClearedInPieces) {
  EXPECT_OK(Destroy());
  tenants_.SetPieces(5);
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, WhatCannotBeClearedNowIsClearedLater) {
  EXPECT_OK(Destroy());
  tenants_.trouble().FailBefore(Deed::kClear, IsAway());
  EXPECT_EQ(SettleOne().status(), IsAway());
  ExpectInMotion();
  tenants_.trouble().Heal();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, OneThatAuthRefusesOrIsNeverAskedNeverWas) {
  for (const absl::Status& failure : {PermissionMissing("a platform administrator"), TokenRefused(),
                                      IsAway(), Overloaded("the auth service")}) {
    tenants_.trouble().FailBefore(Deed::kDestroy, failure);
    EXPECT_EQ(Destroy(), failure);
    ExpectTheCompany();
  }
}

TEST_F(CompanyDestructionTest, OneThatAuthDoesNotKnowIsDestroyedAllTheSame) {
  tenants_.trouble().FailBefore(Deed::kDestroy, CompanyNotFound());
  EXPECT_OK(Destroy());
  EXPECT_FALSE(store_.IsSeen(acme_));
}

TEST_F(CompanyDestructionTest, OneWhoseAnswerIsLostIsLookedUp) {
  tenants_.trouble().FailAfter(Deed::kDestroy, NoAnswer());
  EXPECT_OK(Destroy());
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, OneThatNobodyCanLookUpIsInDoubtAndSettledByTheSweeper) {
  for (const bool reached : {false, true}) {
    auto& trouble = tenants_.trouble();
    reached ? trouble.FailAfter(Deed::kDestroy, NoAnswer())
            : trouble.FailBefore(Deed::kDestroy, NoAnswer());
    trouble.FailBefore(Deed::kWasDestroyed, IsAway());
    EXPECT_THAT(Destroy(), InDoubtOfIt());
    ExpectInMotion();
    trouble.Heal();
    Sweep();
    reached ? ExpectNothingLeft() : ExpectTheCompany();
  }
}

TEST_F(CompanyDestructionTest, ASecondCallEndsWhatTheFirstBegan) {
  tenants_.trouble().FailBefore(Deed::kDestroy, NoAnswer());
  EXPECT_THAT(Destroy(), InDoubtOfIt());
  tenants_.trouble().Heal();
  EXPECT_OK(Destroy());
  EXPECT_FALSE(tenants_.CanSignIn(acme_));
}

TEST_F(CompanyDestructionTest, WhoJoinsADestructionInDoubtIsInDoubtToo) {
  tenants_.trouble().FailBefore(Deed::kDestroy, NoAnswer());
  EXPECT_THAT(Destroy(), InDoubtOfIt());
  tenants_.trouble().FailBefore(Deed::kDestroy, IsAway());
  EXPECT_THAT(Destroy(), InDoubtOfIt());
  ExpectInMotion();
}

TEST_F(CompanyDestructionTest, ARefusedOneDoesNotShowACompanyThatAnotherCallIsDestroying) {
  tenants_.trouble().OnTheWayTo(Deed::kDestroy, [&] {
    tenants_.trouble().FailAfter(Deed::kDestroy, NoAnswer());
    tenants_.trouble().FailBefore(Deed::kWasDestroyed, IsAway());
    EXPECT_THAT(Destroy(), InDoubtOfIt());
    tenants_.trouble().Heal();
    tenants_.trouble().FailBefore(Deed::kDestroy, PermissionMissing("a platform administrator"));
  });
  EXPECT_THAT(Destroy(), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  ExpectInMotion();
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, OneHasHappenedAlsoWhenTheDatabaseIsAwayAtTheEnd) {
  store_.FailAfter(1, DatabaseIsAway());
  EXPECT_OK(Destroy());
  store_.FailAfter(0, absl::OkStatus());
  ExpectInMotion();
  Sweep();
  ExpectNothingLeft();
}

// A call that outlives its lease: the sweeper has shown the company again, auth destroys it all the
// same.
TEST_F(CompanyDestructionTest, ASweeperThatComesBeforeTheDeedDoesNotKeepTheCompany) {
  tenants_.trouble().OnTheWayTo(Deed::kDestroy, [&] {
    store_.EndLeases();
    EXPECT_THAT(SettleOne(), IsOkAndHolds(true));
    ExpectTheCompany();
  });
  EXPECT_OK(Destroy());
  Sweep();
  ExpectNothingLeft();
}

TEST_F(CompanyDestructionTest, WhatIsBeingFoundedCannotBeDestroyed) {
  Company other = draft_;
  other.id = CompanyId("soon");
  ASSERT_OK(store_.BeginFounding(Founder(), other, UserId(NewUuid()), kLease));
  EXPECT_EQ(sagas_.Destroy(Founder(), CompanyId("soon")), CompanyNotFound());
}

}  // namespace company_destruction_test
}  // namespace usher::company
