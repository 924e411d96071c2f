// What the tests of foundings and destructions stand on: a store and sisters that can be made to
// fail.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "services/company/company_errors.h"
#include "services/company/company_sagas.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_company_saga_store.h"
#include "tests/support/fake_tenants.h"
#include "tests/support/status_matchers.h"

namespace usher::company {

class CompanySagasTestBase : public ::testing::Test {
 protected:
  CompanySagasTestBase() {
    draft_.id = acme_;
    draft_.display_name = "Acme";
  }

  static CallContext Founder() { return ACall("operator"); }
  // Nothing was asked of the other service.
  static absl::Status IsAway() { return Unreachable("the other service"); }
  // It was asked, and may have done it.
  static absl::Status NoAnswer() { return InDoubt("the other service"); }
  static absl::Status DatabaseIsAway() { return Unreachable("the database"); }
  // What a client is told who must not believe that nothing was changed.
  static auto InDoubtOfIt() { return IsUndecided(absl::StatusCode::kDeadlineExceeded); }

  absl::StatusOr<Founded> Found(const CallContext& call = Founder()) {
    return sagas_.Found(call, draft_, FirstAdministrator());
  }
  absl::Status Destroy() { return sagas_.Destroy(Founder(), acme_); }
  absl::StatusOr<bool> SettleOne() {
    return sagas_.SettleOne(ACaller().Until(absl::Now() + absl::Seconds(5)).BuildCall());
  }
  // As if leases and rests were over: settles all that was left behind.
  void Sweep() {
    for (int rounds = 0; rounds < 100 && store_.CountSagas() > 0; ++rounds) {
      store_.EndLeases();
      ASSERT_OK(SettleOne());
    }
    EXPECT_EQ(store_.CountSagas(), 0u);
  }

  void ExpectNothingLeft() {
    EXPECT_EQ(store_.CountCompanies(), 0u);
    EXPECT_EQ(store_.CountSagas(), 0u);
    EXPECT_FALSE(tenants_.CanSignIn(acme_));
    EXPECT_EQ(tenants_.profiles(), 0u);
  }
  void ExpectTheCompany() {
    EXPECT_TRUE(store_.IsSeen(acme_));
    EXPECT_EQ(store_.CountSagas(), 0u);
    EXPECT_TRUE(tenants_.CanSignIn(acme_));
    EXPECT_EQ(tenants_.profiles(), 1u);
  }
  // Left behind: seen by nobody, and its ID not free.
  void ExpectInMotion() {
    EXPECT_FALSE(store_.IsSeen(acme_));
    EXPECT_EQ(store_.CountCompanies(), 1u);
    EXPECT_EQ(store_.CountSagas(), 1u);
  }

  static constexpr absl::Duration kLease = absl::Seconds(18);
  static constexpr absl::Duration kRest = absl::Minutes(7);
  const CompanyId acme_{"acme"};
  FakeCompanySagaStore store_;
  FakeTenants tenants_;
  CompanySagas sagas_{store_, tenants_, tenants_, tenants_, {&tenants_}, {kLease, kRest}};
  Company draft_;
};

}  // namespace usher::company
