#include "common/token/revocations.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace revocations_test {

TEST(Revocations, TheLaterOneWinsInWhateverOrderTheyCome) {
  const absl::Time now = FakeClock().Now();
  const AccessToken token = AToken(now);
  Revocations revocations;
  revocations.Add({2, RevocationKind::kUser, token.company, kUser, now});
  revocations.Add({1, RevocationKind::kUser, token.company, kUser, now - absl::Hours(1)});
  EXPECT_THAT(revocations.Check(token), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(revocations.size(), 1u);
}

TEST(Revocations, TheSameOneTwiceIsOne) {
  const absl::Time now = FakeClock().Now();
  Revocations revocations;
  for (int i = 0; i < 2; ++i) {
    revocations.Add({7, RevocationKind::kSession, CompanyId("acme"), kSession, now});
  }
  EXPECT_EQ(revocations.size(), 1u);
  EXPECT_EQ(revocations.generation(), 2u);
}

TEST(Revocations, ForgetsWhatNoTokenCanSurvive) {
  const absl::Time now = FakeClock().Now();
  Revocations revocations;
  revocations.Add({1, RevocationKind::kUser, CompanyId("acme"), "old", now - absl::Hours(49)});
  revocations.Add({2, RevocationKind::kUser, CompanyId("acme"), kUser, now});
  revocations.Forget(now - absl::Hours(48));
  EXPECT_EQ(revocations.size(), 1u);
  EXPECT_FALSE(revocations.Check(AToken(now)).ok());
}

TEST(Revocations, DoNotMixUpKindsAndSubjects) {
  const absl::Time now = FakeClock().Now();
  Revocations revocations;
  // A user with the ID of the session, a session with the ID of the user, a company's name.
  revocations.Add({1, RevocationKind::kUser, CompanyId("acme"), kSession, now});
  revocations.Add({2, RevocationKind::kSession, CompanyId("acme"), kUser, now});
  revocations.Add({3, RevocationKind::kUser, CompanyId("acme"), "", now});
  revocations.Add({4, RevocationKind::kCompany, CompanyId("acm"), "", now});
  AccessToken token = AToken(now);
  token.base_permissions_id = UserId("01900000-0000-7000-8000-000000000009");
  EXPECT_OK(revocations.Check(token));
}

// C12: whoever comes meanwhile waits for a thousand of them at most.
TEST(Revocations, ForgetsABoundedNumberAtATime) {
  const absl::Time now = FakeClock().Now();
  constexpr size_t kMany = 2 * Revocations::kMostForgotten + 1;
  Revocations revocations;
  for (size_t i = 0; i < kMany; ++i) {
    revocations.Add({static_cast<int64_t>(i + 1), RevocationKind::kUser, CompanyId("acme"),
                     absl::StrCat("user ", i), now - absl::Hours(49)});
  }
  const absl::Time horizon = now - absl::Hours(48);
  EXPECT_TRUE(revocations.Forget(horizon));
  EXPECT_EQ(revocations.size(), kMany - Revocations::kMostForgotten);
  EXPECT_TRUE(revocations.Forget(horizon));
  EXPECT_FALSE(revocations.Forget(horizon));
  EXPECT_EQ(revocations.size(), 0u);
}

TEST(Revocations, WhatWasRevokedAgainStaysUntilItsLastTime) {
  const absl::Time now = FakeClock().Now();
  const AccessToken token = AToken(now);
  Revocations revocations;
  revocations.Add({1, RevocationKind::kUser, token.company, kUser, now - absl::Hours(1)});
  revocations.Add({2, RevocationKind::kUser, token.company, kUser, now});
  revocations.Add({3, RevocationKind::kUser, token.company, kUser, now - absl::Hours(2)});
  EXPECT_FALSE(revocations.Forget(now));
  EXPECT_THAT(revocations.Check(token), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_FALSE(revocations.Forget(now + absl::Microseconds(1)));
  EXPECT_EQ(revocations.size(), 0u);
  revocations.Add({4, RevocationKind::kUser, token.company, kUser, now});
  EXPECT_EQ(revocations.size(), 1u);
}

// A newer auth may know kinds and reasons that this release does not.
TEST(Revocations, AnUnknownKindStandsForTheWholeCompany) {
  const absl::Time now = FakeClock().Now();
  Revocations revocations;
  revocations.Add({1, static_cast<RevocationKind>(4), CompanyId("acme"), "some device", now,
                   RevocationReason::kAccountInactive});
  EXPECT_THAT(revocations.Check(AToken(now)), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_OK(revocations.Check(AToken(now + absl::Seconds(1))));
  AccessToken elsewhere = AToken(now);
  elsewhere.company = CompanyId("beta");
  EXPECT_OK(revocations.Check(elsewhere));
}

TEST(Revocations, AnUnknownReasonIsASignOut) {
  const absl::Time now = FakeClock().Now();
  Revocations revocations;
  revocations.Add(
      {1, RevocationKind::kUser, CompanyId("acme"), kUser, now, static_cast<RevocationReason>(9)});
  EXPECT_THAT(revocations.Check(AToken(now)), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

}  // namespace revocations_test
}  // namespace usher::token
