#include "common/token/token_verifier.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace {

auto IsRefused() { return HasReplyCode(::common::AUTHENTICATION_ERROR); }
auto IsExpired() { return HasReplyCode(::common::TOKEN_OUTDATED); }

constexpr size_t kCache = 4;

class TokenVerifierTest : public ::testing::Test {
 protected:
  TokenVerifierTest() { keys_.Replace(PublicKeysOf({AKey(1), AKey(2)})); }

  absl::Time Now() const { return clock_.Now(); }
  std::string Signed(const AccessToken& token) const { return SignWith(AKey(1), token); }
  std::string Signed() const { return Signed(AToken(Now())); }
  void Revoke(RevocationKind kind, absl::string_view subject, absl::Time until,
              RevocationReason reason = RevocationReason::kSignedOut,
              absl::string_view company = "acme") {
    revocations_.Add(
        {++sequence_, kind, CompanyId(std::string(company)), std::string(subject), until, reason});
  }

  FakeClock clock_;
  KeyRing keys_;
  Revocations revocations_;
  TokenVerifier verifier_{keys_, revocations_, clock_, kCache};
  int64_t sequence_ = 0;
};

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

TEST_F(TokenVerifierTest, NotesAKeyThatItDoesNotKnow) {
  EXPECT_OK(verifier_.Verify(Signed()));
  EXPECT_FALSE(keys_.TakeUnknownKeyNote());
  EXPECT_THAT(verifier_.Verify(SignWith(AKey(3), AToken(Now()))), IsRefused());
  EXPECT_TRUE(keys_.TakeUnknownKeyNote());
  EXPECT_FALSE(keys_.TakeUnknownKeyNote());
}

TEST_F(TokenVerifierTest, EndsATokenAtItsExpiry) {
  const std::string bytes = Signed();
  clock_.Advance(absl::Hours(1) - absl::Seconds(1));
  EXPECT_OK(verifier_.Verify(bytes));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(verifier_.Verify(bytes), IsExpired());  // known from the cache
  TokenVerifier fresh(keys_, revocations_, clock_, kCache);
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

using TokenCacheTest = TokenVerifierTest;

TEST_F(TokenCacheTest, KnowsATokenAgain) {
  const std::string bytes = Signed();
  ASSERT_OK(verifier_.Verify(bytes));
  EXPECT_EQ(verifier_.cache_misses(), 1u);
  ASSERT_OK(verifier_.Verify(bytes));
  ASSERT_OK(verifier_.Verify(bytes));
  EXPECT_EQ(verifier_.cache_hits(), 2u);
  EXPECT_EQ(verifier_.cache_misses(), 1u);
}

TEST_F(TokenCacheTest, ForgetsTheOneThatWasUsedLeastRecently) {
  std::vector<std::string> tokens;
  for (size_t i = 0; i <= kCache; ++i) {
    AccessToken token = AToken(Now());
    token.token_id = absl::StrCat("token ", i);
    tokens.push_back(Signed(token));
  }
  for (size_t i = 0; i < kCache; ++i) ASSERT_OK(verifier_.Verify(tokens[i]));
  ASSERT_OK(verifier_.Verify(tokens[0]));  // used again
  ASSERT_OK(verifier_.Verify(tokens[kCache]));
  const uint64_t hits = verifier_.cache_hits();
  ASSERT_OK(verifier_.Verify(tokens[0]));
  EXPECT_EQ(verifier_.cache_hits(), hits + 1);
  ASSERT_OK(verifier_.Verify(tokens[1]));  // had to go
  EXPECT_EQ(verifier_.cache_hits(), hits + 1);
}

TEST_F(TokenCacheTest, DoesNotRememberWhatWasRefused) {
  std::string bad = Signed();
  bad.back() = static_cast<char>(bad.back() ^ 1);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(verifier_.Verify(bad), IsRefused());
  EXPECT_EQ(verifier_.cache_hits(), 0u);
}

TEST_F(TokenCacheTest, RefusesWhatAWithdrawnKeySigned) {
  const std::string bytes = Signed();
  ASSERT_OK(verifier_.Verify(bytes));
  keys_.Replace(PublicKeysOf({AKey(2)}));
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
  keys_.Replace(PublicKeysOf({AKey(1), AKey(2)}));
  EXPECT_OK(verifier_.Verify(bytes));
}

TEST_F(TokenCacheTest, LooksAtRevocationsThatCameLater) {
  const std::string bytes = Signed();
  ASSERT_OK(verifier_.Verify(bytes));
  Revoke(RevocationKind::kUser, "01900000-0000-7000-8000-000000000042", Now());
  EXPECT_OK(verifier_.Verify(bytes));
  EXPECT_OK(verifier_.Verify(bytes));
  Revoke(RevocationKind::kUser, kUser, Now());
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
  EXPECT_THAT(verifier_.Verify(bytes), IsRefused());
}

TEST_F(TokenCacheTest, MayBeOff) {
  TokenVerifier verifier(keys_, revocations_, clock_, 0);
  EXPECT_OK(verifier.Verify(Signed()));
  EXPECT_OK(verifier.Verify(Signed()));
  EXPECT_EQ(verifier.cache_hits(), 0u);
}

TEST_F(TokenCacheTest, IsSharedByThreads) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 8; ++i) {
    AccessToken token = AToken(Now());
    token.token_id = absl::StrCat("token ", i);
    tokens.push_back(Signed(token));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_OK(verifier_.Verify(tokens[static_cast<size_t>(i * (t + 1)) % tokens.size()]));
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 50; ++i) {
      Revoke(RevocationKind::kUser, absl::StrCat("somebody ", i), Now());
      keys_.Replace(
          PublicKeysOf(i % 2 == 0 ? std::vector{AKey(1)} : std::vector{AKey(1), AKey(2)}));
    }
  });
  for (std::thread& thread : threads) thread.join();
  Revoke(RevocationKind::kCompany, "", Now());
  for (const std::string& token : tokens) EXPECT_THAT(verifier_.Verify(token), IsRefused());
}

}  // namespace
}  // namespace usher::token
