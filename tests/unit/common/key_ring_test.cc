#include "common/token/key_ring.h"

#include <gtest/gtest.h>

#include "common/token/revocations.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace {

TEST(KeyRing, ForgetsKeysThatAreMissingFromTheNextList) {
  KeyRing ring;
  ring.Replace(PublicKeysOf({AKey(1), AKey(2)}));
  EXPECT_EQ(ring.Find(AKeyId(1)), AKey(1).public_key);
  ring.Replace(PublicKeysOf({AKey(2)}));
  EXPECT_FALSE(ring.Find(AKeyId(1)).has_value());
  EXPECT_TRUE(ring.Find(AKeyId(2)).has_value());
}

TEST(KeyRing, GrowsItsGenerationOnlyWhenSomethingChanged) {
  KeyRing ring;
  ring.Replace(PublicKeysOf({AKey(1)}));
  const uint64_t generation = ring.generation();
  ring.Replace(PublicKeysOf({AKey(1)}));
  EXPECT_EQ(ring.generation(), generation);
  ring.Replace(PublicKeysOf({AKey(1), AKey(2)}));
  EXPECT_GT(ring.generation(), generation);
}

TEST(TokenSigner, SignsWithTheNewestKeyWhoseTimeHasCome) {
  FakeClock clock;
  const SigningKey old_key = AKey(1, clock.Now() - absl::Hours(2));
  const SigningKey current = AKey(2, clock.Now() - absl::Hours(1));
  const SigningKey next = AKey(3, clock.Now() + absl::Hours(1));
  const TokenSigner signer({old_key, current, next}, clock);
  EXPECT_EQ(Split(signer.Sign(AToken(clock.Now())))->key_id, current.key_id);
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(Split(signer.Sign(AToken(clock.Now())))->key_id, next.key_id);
}

TEST(TokenSigner, SignsWithTheOldestKeyBeforeAllOfThem) {
  const FakeClock clock;
  const TokenSigner signer(
      {AKey(1, clock.Now() + absl::Hours(1)), AKey(2, clock.Now() + absl::Hours(2))}, clock);
  EXPECT_EQ(Split(signer.Sign(AToken(clock.Now())))->key_id, AKeyId(1));
}

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

}  // namespace
}  // namespace usher::token
