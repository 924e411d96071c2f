// What the verifier remembers of tokens that it has verified.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/token_verifier_test_base.h"

namespace usher::token {
namespace token_cache_test {

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

// Of streams, whose tokens are looked at each second and may be more than are remembered.
TEST_F(TokenCacheTest, AVerifiedTokenIsJudgedAgainWithoutASignatureAndWithoutAPlaceInIt) {
  const std::string bytes = Signed();
  const auto token = *verifier_.Verify(bytes);
  const auto judge = [&] { return verifier_.Judge(bytes, *token); };
  const uint64_t hits = verifier_.cache_hits();
  EXPECT_OK(judge());
  EXPECT_EQ(verifier_.cache_misses(), 1u);
  EXPECT_EQ(verifier_.cache_hits(), hits);
  keys_.Replace(PublicKeysOf({AKey(2)}));
  EXPECT_THAT(judge(), IsRefused());
  keys_.Replace(PublicKeysOf({AKey(1)}));
  EXPECT_OK(judge());
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(judge(), IsExpired());
  clock_.Advance(-absl::Hours(2));
  Revoke(RevocationKind::kSession, token->session.value(), Now());
  EXPECT_THAT(judge(), IsRefused());
  EXPECT_EQ(verifier_.cache_misses(), 1u);
}

TEST_F(TokenCacheTest, MayBeOff) {
  TokenVerifier verifier(keys_, revocations_, feed_, clock_, 0);
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
        const std::string& token = tokens[static_cast<size_t>(i * (t + 1)) % tokens.size()];
        EXPECT_OK(verifier_.Verify(token));
        const auto known = verifier_.VerifyKnown(token);
        EXPECT_TRUE(!known.has_value() || known->ok());
        EXPECT_OK(verifier_.RequireFreshFeed());
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 50; ++i) {
      Revoke(RevocationKind::kUser, absl::StrCat("somebody ", i), Now());
      revocations_.Forget(Now() + absl::Seconds(i % 2));
      feed_.NoteCompleteRound(feed_clock_.Now());
      keys_.Replace(
          PublicKeysOf(i % 2 == 0 ? std::vector{AKey(1)} : std::vector{AKey(1), AKey(2)}));
    }
  });
  for (std::thread& thread : threads) thread.join();
  Revoke(RevocationKind::kCompany, "", Now());
  for (const std::string& token : tokens) EXPECT_THAT(verifier_.Verify(token), IsRefused());
}

}  // namespace token_cache_test
}  // namespace usher::token
