#include "common/token/token_verifier.h"

#include <gtest/gtest.h>

#include "tests/support/token_verifier_test_base.h"

namespace usher::token {
namespace token_verifier_test {

TEST_F(TokenVerifierTest, AcceptsWhatWasSigned) {
  const auto token = verifier_.Verify(Signed());
  ASSERT_OK(token);
  EXPECT_EQ((*token)->user, UserId(kUser));
  EXPECT_EQ((*token)->permissions, PermissionSet{Permission::kUserShow});
}

TEST_F(TokenVerifierTest, RefusesATokenWithAnyBitTurned) {
  const std::string good = Signed();
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(verifier_.Verify(bad), IsRefused()) << bit;
  }
  EXPECT_OK(verifier_.Verify(good));
}

TEST_F(TokenVerifierTest, RefusesATokenCutAtAnyLength) {
  const std::string good = Signed();
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_THAT(verifier_.Verify(good.substr(0, size)), IsRefused()) << size;
    EXPECT_THAT(verifier_.Verify(good.substr(good.size() - size)), IsRefused()) << size;
  }
}

TEST_F(TokenVerifierTest, RefusesATokenWithSomethingAppended) {
  const std::string good = Signed();
  EXPECT_THAT(verifier_.Verify(good + std::string(1, '\0')), IsRefused());
  EXPECT_THAT(verifier_.Verify(good + "\n"), IsRefused());
  EXPECT_THAT(verifier_.Verify(good + good), IsRefused());
  // A field that proto3 readers would skip.
  EXPECT_THAT(verifier_.Verify(good + "\xf8\x06\x01"), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesPartsOfTwoTokensPutTogether) {
  AccessToken more = AToken(Now());
  more.permissions = kCompanyAdministrator;
  const std::string small = Signed();
  const std::string large = Signed(more);
  const size_t head = kHeaderSize + kSignatureSize;
  EXPECT_THAT(verifier_.Verify(small.substr(0, head) + large.substr(head)), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesAnotherKeysSignature) {
  EXPECT_THAT(verifier_.Verify(SignWith(AKey(3), AToken(Now()))), IsRefused());
  // An unknown key under a known name.
  const SigningKey forged =
      SigningKeyFromSeed(AKeyId(1), absl::UnixEpoch(), Secret(std::string(32, '\x03')));
  EXPECT_THAT(verifier_.Verify(SignWith(forged, AToken(Now()))), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesATokenWithTheIdOfAnotherKey) {
  std::string swapped = Signed();
  swapped[kHeaderSize - 1] = '\x02';  // known, but not the one that signed
  EXPECT_THAT(verifier_.Verify(swapped), IsRefused());
}

TEST_F(TokenVerifierTest, EndsATokenAtItsExpiry) {
  const std::string bytes = Signed();
  clock_.Advance(absl::Hours(1) - absl::Seconds(1));
  EXPECT_OK(verifier_.Verify(bytes));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(verifier_.Verify(bytes), IsExpired());  // known from the cache
  TokenVerifier fresh(keys_, revocations_, feed_, clock_, kCache);
  EXPECT_THAT(fresh.Verify(bytes), IsExpired());
}

TEST_F(TokenVerifierTest, AllowsForHalfAMinuteOfClockSkew) {
  AccessToken token = AToken(Now() + absl::Seconds(30));
  EXPECT_OK(verifier_.Verify(Signed(token)));
  token = AToken(Now() + absl::Seconds(31));
  EXPECT_THAT(verifier_.Verify(Signed(token)), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesATokenBeforeItsTime) {
  AccessToken token = AToken(Now());
  token.not_before = Now() + absl::Minutes(5);
  const std::string bytes = Signed(token);
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
  clock_.Advance(absl::Minutes(5));
  EXPECT_OK(verifier_.Verify(bytes));
}

TEST_F(TokenVerifierTest, RefusesARevokedSession) {
  const std::string bytes = Signed();
  ASSERT_OK(verifier_.Verify(bytes));
  Revoke(RevocationKind::kSession, kSession, Now());
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesARevokedUser) {
  Revoke(RevocationKind::kUser, kUser, Now());
  EXPECT_THAT(verifier_.Verify(Signed()), IsRefused());
}

TEST_F(TokenVerifierTest, SaysWhenTheAccountIsNotActive) {
  Revoke(RevocationKind::kUser, kUser, Now(), RevocationReason::kAccountInactive);
  EXPECT_THAT(verifier_.Verify(Signed()), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
}

TEST_F(TokenVerifierTest, AsksForARefreshWhereRightsWereTaken) {
  Revoke(RevocationKind::kUser, kUser, Now(), RevocationReason::kRightsTaken);
  EXPECT_THAT(verifier_.Verify(Signed()), HasReplyCode(::common::TOKEN_OUTDATED));
}

TEST_F(TokenVerifierTest, RefusesGuestsOfARevokedSharedAccess) {
  AccessToken token = AToken(Now());
  token.guest = true;
  token.base_permissions_id = UserId("01900000-0000-7000-8000-000000000009");
  ASSERT_OK(verifier_.Verify(Signed(token)));
  Revoke(RevocationKind::kUser, token.base_permissions_id.value(), Now());
  EXPECT_THAT(verifier_.Verify(Signed(token)), IsRefused());
}

TEST_F(TokenVerifierTest, RefusesEverybodyOfARevokedCompany) {
  Revoke(RevocationKind::kCompany, "", Now(), RevocationReason::kAccountInactive);
  EXPECT_THAT(verifier_.Verify(Signed()), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
}

TEST_F(TokenVerifierTest, LeavesOtherCompaniesAlone) {
  Revoke(RevocationKind::kUser, kUser, Now(), RevocationReason::kSignedOut, "other");
  Revoke(RevocationKind::kCompany, "", Now(), RevocationReason::kSignedOut, "other");
  EXPECT_OK(verifier_.Verify(Signed()));
}

TEST_F(TokenVerifierTest, AcceptsWhatWasIssuedAfterARevocation) {
  Revoke(RevocationKind::kUser, kUser, Now());
  EXPECT_THAT(verifier_.Verify(Signed(AToken(Now()))), IsRefused());
  EXPECT_OK(verifier_.Verify(Signed(AToken(Now() + absl::Microseconds(1)))));
}

TEST_F(TokenVerifierTest, SaysExpiredAlsoWhenTheSessionHasEnded) {
  const std::string bytes = Signed();
  Revoke(RevocationKind::kSession, kSession, Now());
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(verifier_.Verify(bytes), IsExpired());
}

TEST_F(TokenVerifierTest, IgnoresTimeAndRevocationWhereItIsToldTo) {
  const std::string bytes = Signed();
  Revoke(RevocationKind::kSession, kSession, Now());
  clock_.Advance(absl::Hours(2));
  EXPECT_OK(verifier_.VerifyIgnoringTime(bytes));
  std::string bad = bytes;
  bad.back() = static_cast<char>(bad.back() ^ 1);
  EXPECT_THAT(verifier_.VerifyIgnoringTime(bad), IsRefused());
}

TEST_F(TokenVerifierTest, AKeyThatServesForReadingAloneAcceptsNothing) {
  const std::string bytes = SignWith(AKey(3), AToken(Now()));
  KeyRing further;
  EXPECT_THAT(verifier_.VerifyIgnoringTime(bytes, &further), IsRefused());
  further.Replace(PublicKeysOf({AKey(3)}));
  EXPECT_OK(verifier_.VerifyIgnoringTime(bytes, &further));
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
  std::string bad = bytes;
  for (size_t bit = 0; bit < bad.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(verifier_.VerifyIgnoringTime(bad, &further), IsRefused()) << bit;
    bad[bit / 8] = bytes[bit / 8];
  }
}

// A server that knows the keys and not yet the revocations, or nothing at all.
TEST_F(TokenVerifierTest, NothingIsJudgedBeforeKeysAndRevocationsWereLoadedOnce) {
  FeedState feed(feed_clock_);
  const KeyRing no_keys;
  TokenVerifier with_keys(keys_, revocations_, feed, clock_, kCache);
  TokenVerifier without_keys(no_keys, revocations_, feed, clock_, kCache);
  AccessToken expired = AToken(Now() - absl::Hours(2));
  for (const std::string& bytes :
       {Signed(), Signed(expired), SignWith(AKey(3), AToken(Now())), std::string("no token"),
        std::string(kLargestToken + 1, 'x'), std::string()}) {
    for (TokenVerifier* verifier : {&with_keys, &without_keys}) {
      EXPECT_THAT(verifier->Verify(bytes), IsNotJudged());
      EXPECT_THAT(verifier->VerifyIgnoringTime(bytes), IsNotJudged());
      const auto known = verifier->VerifyKnown(bytes);
      ASSERT_TRUE(known.has_value());
      EXPECT_THAT(*known, IsNotJudged());
    }
  }
  EXPECT_THAT(with_keys.RequireFreshFeed(), IsNotJudged());
  feed.NoteCompleteRound(feed_clock_.Now());
  EXPECT_OK(with_keys.Verify(Signed()));
  EXPECT_THAT(with_keys.Verify(Signed(expired)), IsExpired());
}

TEST_F(TokenVerifierTest, ChangesTakeAFeedThatIsYoungerThanAMinuteAndReadsDoNot) {
  feed_clock_.Advance(absl::Seconds(60) - absl::Nanoseconds(1));
  EXPECT_OK(verifier_.RequireFreshFeed());
  feed_clock_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(verifier_.RequireFreshFeed(), IsNotJudged());
  EXPECT_OK(verifier_.Verify(Signed()));
  feed_.NoteCompleteRound(feed_clock_.Now());
  EXPECT_OK(verifier_.RequireFreshFeed());
}

TEST_F(TokenVerifierTest, WhatTakesNoSignatureIsAnsweredWithoutCheckingOne) {
  for (const std::string& bytes :
       {std::string(), std::string("no token"), std::string(kLargestToken + 1, '\x01'),
        std::string(4 << 20, '\x01'), SignWith(AKey(3), AToken(Now()))}) {
    const auto known = verifier_.VerifyKnown(bytes);
    ASSERT_TRUE(known.has_value());
    EXPECT_THAT(*known, IsRefused());
  }
  EXPECT_EQ(verifier_.cache_misses(), 0u);
}

TEST_F(TokenVerifierTest, WhatTakesASignatureIsLeftToVerify) {
  std::string bad = Signed();
  bad.back() = static_cast<char>(bad.back() ^ 1);
  EXPECT_FALSE(verifier_.VerifyKnown(Signed()).has_value());
  EXPECT_FALSE(verifier_.VerifyKnown(bad).has_value());
  EXPECT_EQ(verifier_.cache_misses(), 0u);
}

TEST_F(TokenVerifierTest, AKnownTokenIsJudgedWithoutASignatureEveryTimeAnew) {
  const std::string bytes = Signed();
  const std::string other = Signed(AToken(Now() - absl::Minutes(5)));
  ASSERT_OK(verifier_.Verify(bytes));
  ASSERT_OK(verifier_.Verify(other));
  ASSERT_TRUE(verifier_.VerifyKnown(bytes).has_value());
  EXPECT_EQ((**verifier_.VerifyKnown(bytes))->user, UserId(kUser));
  EXPECT_EQ(verifier_.cache_misses(), 2u);
  Revoke(RevocationKind::kUser, kUser, Now() - absl::Seconds(1));
  EXPECT_OK(*verifier_.VerifyKnown(bytes));
  EXPECT_THAT(*verifier_.VerifyKnown(other), IsRefused());
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(*verifier_.VerifyKnown(bytes), IsExpired());
  keys_.Replace(PublicKeysOf({AKey(2)}));
  EXPECT_THAT(*verifier_.VerifyKnown(bytes), IsRefused()) << "its key was withdrawn";
}

}  // namespace token_verifier_test
}  // namespace usher::token
