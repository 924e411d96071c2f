// What every CompanySagaStore must do. Instantiated with a fixture that has sagas(), IsSeen(id) and
// CountCompanies().
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "services/company/company_errors.h"
#include "services/company/company_saga_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::company {

inline constexpr absl::Duration kLongLease = absl::Minutes(10);

template <class Fixture>
class CompanySagaStoreContract : public Fixture {
 protected:
  static Company Named(const std::string& id) {
    Company company;
    company.id = CompanyId(id);
    company.display_name = "The " + id;
    company.owner_email = "ann@x.org";
    company.metadata = {{"k", "v"}};
    return company;
  }
  static CallContext Founder() { return ACall("operator"); }
  static CallContext WithKey(const std::string& hash) {
    CallContext call = ACaller().In("operator").As(UserId(kCaller)).BuildCall();
    call.rpc = "company.create";
    call.idempotency = {"key", hash};
    return call;
  }
  // A lease that was over that long ago.
  static absl::Duration Over(int seconds) { return -absl::Seconds(seconds); }

  absl::StatusOr<BegunFounding> Begin(const std::string& id, absl::Duration lease = kLongLease,
                                      const CallContext& call = Founder()) {
    return this->sagas().BeginFounding(call, Named(id), UserId(NewUuid()), lease);
  }
  void Make(const std::string& id) {
    ASSERT_OK(Begin(id));
    ASSERT_OK(this->sagas().CompleteFounding(Founder(), CompanyId(id)));
  }
  absl::StatusOr<BegunDestruction> Destroy(absl::Duration lease = kLongLease) {
    return this->sagas().BeginDestruction(Founder(), acme_, lease);
  }
  std::optional<Saga> Claim(absl::Duration lease = kLongLease) {
    const auto claimed = this->sagas().Claim(CallContext(), lease);
    EXPECT_OK(claimed);
    return claimed.value_or(std::nullopt);
  }

  static constexpr char kCaller[] = "01900000-0000-7000-8000-00000000000a";
  const CompanyId acme_{"acme"};
};

TYPED_TEST_SUITE_P(CompanySagaStoreContract);

TYPED_TEST_P(CompanySagaStoreContract, ACompanyIsSeenWhenItsFoundingIsCompleted) {
  const auto begun = this->Begin("acme");
  ASSERT_OK(begun);
  EXPECT_EQ(begun->outcome, BegunFounding::Outcome::kBegun);
  EXPECT_FALSE(this->IsSeen(this->acme_));
  EXPECT_OK(this->sagas().CompleteFounding(this->Founder(), this->acme_));
  EXPECT_TRUE(this->IsSeen(this->acme_));
  EXPECT_OK(this->sagas().CompleteFounding(this->Founder(), this->acme_)) << "may be repeated";
  EXPECT_OK(this->sagas().UndoFounding(this->Founder(), this->acme_)) << "and undoes nothing then";
  EXPECT_TRUE(this->IsSeen(this->acme_));
}

TYPED_TEST_P(CompanySagaStoreContract, AnUndoneFoundingLeavesNothing) {
  ASSERT_OK(this->Begin("acme"));
  EXPECT_OK(this->sagas().UndoFounding(this->Founder(), this->acme_));
  EXPECT_OK(this->sagas().UndoFounding(this->Founder(), this->acme_));
  EXPECT_OK(this->sagas().CompleteFounding(this->Founder(), this->acme_)) << "there is nothing to";
  EXPECT_EQ(this->CountCompanies(), 0u);
  EXPECT_OK(this->Begin("acme"));
}

TYPED_TEST_P(CompanySagaStoreContract, AnIdIsTakenInEveryState) {
  ASSERT_OK(this->Begin("acme"));
  EXPECT_EQ(this->Begin("acme").status(), CompanyInMotion());
  ASSERT_OK(this->sagas().CompleteFounding(this->Founder(), this->acme_));
  EXPECT_EQ(this->Begin("acme").status(), CompanyTaken());
  ASSERT_OK(this->Destroy());
  EXPECT_EQ(this->Begin("acme").status(), NameRests());
}

TYPED_TEST_P(CompanySagaStoreContract, AKeyAnswersTheCompanyThatItWasBoundTo) {
  const CallContext call = this->WithKey("hash");
  const auto first = this->Begin("acme", kLongLease, call);
  ASSERT_OK(first);
  const auto beside = this->Begin("acme", kLongLease, call);
  ASSERT_OK(beside);
  EXPECT_EQ(beside->outcome, BegunFounding::Outcome::kUnsettled);
  ASSERT_OK(this->sagas().CompleteFounding(call, this->acme_));
  const auto again = this->Begin("acme", kLongLease, call);
  ASSERT_OK(again);
  EXPECT_EQ(again->outcome, BegunFounding::Outcome::kMadeBefore);
  EXPECT_EQ(again->founded, first->founded);
  EXPECT_THAT(this->Begin("acme", kLongLease, this->WithKey("another")),
              HasReplyCode(::common::ACTION_INVALID));
}

TYPED_TEST_P(CompanySagaStoreContract, AnUndoneFoundingSetsItsKeyFree) {
  ASSERT_OK(this->Begin("acme", kLongLease, this->WithKey("hash")));
  // By the sweeper, whose call knows no more than the saga does.
  ASSERT_OK(this->sagas().UndoFounding(this->Founder(), this->acme_));
  const auto again = this->Begin("acme", kLongLease, this->WithKey("hash"));
  ASSERT_OK(again);
  EXPECT_EQ(again->outcome, BegunFounding::Outcome::kBegun);
}

TYPED_TEST_P(CompanySagaStoreContract, AKeyIsNotBoundToAFoundingThatWasRefused) {
  this->Make("acme");
  EXPECT_EQ(this->Begin("acme", kLongLease, this->WithKey("hash")).status(), CompanyTaken());
  EXPECT_OK(this->Begin("beta", kLongLease, this->WithKey("another")));
}

TYPED_TEST_P(CompanySagaStoreContract, ADestructionHidesAndItsUndoingShows) {
  this->Make("acme");
  EXPECT_THAT(this->Destroy(), IsOkAndHolds(BegunDestruction::kBegun));
  EXPECT_FALSE(this->IsSeen(this->acme_));
  EXPECT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  EXPECT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  EXPECT_TRUE(this->IsSeen(this->acme_));
}

TYPED_TEST_P(CompanySagaStoreContract, WhatAnotherCallHasJoinedIsNotUndone) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  EXPECT_THAT(this->Destroy(), IsOkAndHolds(BegunDestruction::kJoined));
  EXPECT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  EXPECT_FALSE(this->IsSeen(this->acme_));
}

TYPED_TEST_P(CompanySagaStoreContract, WhoeverClaimsAContestedDestructionMayUndoIt) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  ASSERT_OK(this->Destroy(this->Over(1)));
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->state, kBegun);
  EXPECT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  EXPECT_TRUE(this->IsSeen(this->acme_));
}

TYPED_TEST_P(CompanySagaStoreContract, WhatIsNotThereOrIsGoneIsNotDestroyed) {
  EXPECT_THAT(this->Destroy(), IsOkAndHolds(BegunDestruction::kNone));
  ASSERT_OK(this->Begin("acme"));
  EXPECT_THAT(this->Destroy(), IsOkAndHolds(BegunDestruction::kNone)) << "it is being founded";
  ASSERT_OK(this->sagas().CompleteFounding(this->Founder(), this->acme_));
  ASSERT_OK(this->Destroy());
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  EXPECT_THAT(this->Destroy(), IsOkAndHolds(BegunDestruction::kNone)) << "auth has destroyed it";
}

TYPED_TEST_P(CompanySagaStoreContract, AConfirmedDestructionIsClaimedAtOnceAndCannotBeUndone) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  EXPECT_EQ(this->Claim(), std::nullopt);
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->kind, SagaKind::kDestruction);
  EXPECT_EQ(saga->state, kClearing);
  EXPECT_EQ(saga->subject.company, this->acme_);
  EXPECT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  EXPECT_FALSE(this->IsSeen(this->acme_));
}

TYPED_TEST_P(CompanySagaStoreContract, AConfirmationCountsAlsoWhereTheDestructionWasUndone) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  ASSERT_OK(this->sagas().UndoDestruction(this->Founder(), this->acme_));
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  EXPECT_FALSE(this->IsSeen(this->acme_));
  ASSERT_TRUE(this->Claim().has_value());
}

TYPED_TEST_P(CompanySagaStoreContract, AConfirmationDoesNotTakeAStepBack) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  ASSERT_OK(this->sagas().StartRest(this->Founder(), this->acme_, kLongLease));
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  EXPECT_EQ(this->Claim(), std::nullopt) << "it rests";
}

TYPED_TEST_P(CompanySagaStoreContract, ACompanyRestsUntilItsDestructionIsCompleted) {
  this->Make("acme");
  ASSERT_OK(this->Destroy());
  ASSERT_OK(this->sagas().ConfirmDestruction(this->Founder(), this->acme_));
  ASSERT_TRUE(this->Claim().has_value());
  ASSERT_OK(this->sagas().GoOnClearing(this->Founder(), this->acme_));
  ASSERT_TRUE(this->Claim().has_value()) << "there is more to clear";
  ASSERT_OK(this->sagas().StartRest(this->Founder(), this->acme_, this->Over(1)));
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->state, kResting);
  EXPECT_EQ(this->CountCompanies(), 1u);
  EXPECT_OK(this->sagas().CompleteDestruction(this->Founder(), this->acme_));
  EXPECT_OK(this->sagas().CompleteDestruction(this->Founder(), this->acme_));
  EXPECT_EQ(this->CountCompanies(), 0u);
  EXPECT_EQ(this->Claim(), std::nullopt);
}

TYPED_TEST_P(CompanySagaStoreContract, ASagaTellsWhoseCallItWasAndWhoOwnsTheCompany) {
  const CallContext call = this->WithKey("hash");
  const auto begun = this->Begin("acme", this->Over(1), call);
  ASSERT_OK(begun);
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->kind, SagaKind::kFounding);
  EXPECT_EQ(saga->subject, begun->founded);
  EXPECT_EQ(saga->call.company, CompanyId("operator"));
  EXPECT_EQ(saga->call.user, call.user);
  EXPECT_EQ(saga->call.rpc, "company.create");
  EXPECT_EQ(saga->call.idempotency.key, "key");
}

TYPED_TEST_P(CompanySagaStoreContract, NothingIsClaimedWhileItsLeaseLasts) {
  ASSERT_OK(this->Begin("acme"));
  EXPECT_EQ(this->Claim(), std::nullopt);
}

REGISTER_TYPED_TEST_SUITE_P(
    CompanySagaStoreContract, ACompanyIsSeenWhenItsFoundingIsCompleted,
    AnUndoneFoundingLeavesNothing, AnIdIsTakenInEveryState, AKeyAnswersTheCompanyThatItWasBoundTo,
    AnUndoneFoundingSetsItsKeyFree, AKeyIsNotBoundToAFoundingThatWasRefused,
    ADestructionHidesAndItsUndoingShows, WhatAnotherCallHasJoinedIsNotUndone,
    WhoeverClaimsAContestedDestructionMayUndoIt, WhatIsNotThereOrIsGoneIsNotDestroyed,
    AConfirmedDestructionIsClaimedAtOnceAndCannotBeUndone,
    AConfirmationCountsAlsoWhereTheDestructionWasUndone, AConfirmationDoesNotTakeAStepBack,
    ACompanyRestsUntilItsDestructionIsCompleted, ASagaTellsWhoseCallItWasAndWhoOwnsTheCompany,
    NothingIsClaimedWhileItsLeaseLasts);

}  // namespace usher::company
