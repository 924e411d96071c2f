#include "common/token/key_ring.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"

namespace usher::token {
namespace key_ring_test {

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

TEST(TokenSigner, AKeyThatComesLaterIsPublishedBeforeItSigns) {
  FakeClock clock;
  const SigningKey old_key = AKey(1, clock.Now() - absl::Hours(2));
  const SigningKey fresh = AKey(2, clock.Now() - absl::Hours(1));
  TokenSigner signer({old_key}, clock);
  signer.Replace({old_key, fresh});
  EXPECT_EQ(signer.keys()->size(), 2u);
  EXPECT_EQ(signer.current(), old_key.key_id);
  clock.Advance(TokenSigner::kAnnounced);
  EXPECT_EQ(signer.current(), fresh.key_id);
  signer.Replace({old_key, fresh});
  EXPECT_EQ(signer.current(), fresh.key_id) << "known is known";
  EXPECT_EQ(Split(signer.Sign(AToken(clock.Now())))->key_id, fresh.key_id);
}

TEST(TokenSigner, AKeyThatComesLaterSignsAtOnceWhereThereIsNoOther) {
  FakeClock clock;
  TokenSigner signer({AKey(1, clock.Now() - absl::Hours(2))}, clock);
  const auto kept = signer.keys();
  signer.Replace({AKey(2, clock.Now()), AKey(3, clock.Now() + absl::Hours(1))});
  EXPECT_EQ(signer.current(), AKeyId(2));
  EXPECT_EQ(kept->front().key_id, AKeyId(1)) << "whoever reads them goes on";
}

}  // namespace key_ring_test
}  // namespace usher::token
