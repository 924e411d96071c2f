#include "common/rpc/peer/auth_feed.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace auth_feed_test {

using token::AKey;
using token::AKeyId;
using token::PublicKeysOf;
using token::Revocation;
using token::RevocationKind;

// Thread-safe. Revocations are numbered from 1.
class FakeAuthSource final : public AuthSource {
 public:
  absl::StatusOr<FeedPage> Read(int64_t after) override {
    const absl::MutexLock lock(&mutex_);
    if (!in_reach_ || questions_until_lost_ == 0) return Unreachable("auth");
    --questions_until_lost_;
    FeedPage page;
    page.keys = keys_;
    page.age = age_;
    for (const Revocation& revocation : revocations_) {
      if (revocation.sequence <= after) continue;
      page.more = page.revocations.size() == 1000;
      if (page.more) break;
      page.revocations.push_back(revocation);
    }
    return page;
  }

  void SetKeys(std::map<token::KeyId, token::PublicKey> keys) {
    const absl::MutexLock lock(&mutex_);
    keys_ = std::move(keys);
  }
  void SetInReach(bool in_reach) {
    const absl::MutexLock lock(&mutex_);
    in_reach_ = in_reach;
  }
  // Out of reach after so many answers.
  void LoseAfter(int questions) {
    const absl::MutexLock lock(&mutex_);
    questions_until_lost_ = questions;
  }
  void SetAge(absl::Duration age) {
    const absl::MutexLock lock(&mutex_);
    age_ = age;
  }
  void Revoke(absl::string_view user, absl::Time until) {
    const absl::MutexLock lock(&mutex_);
    revocations_.push_back({static_cast<int64_t>(revocations_.size()) + 1, RevocationKind::kUser,
                            CompanyId("acme"), std::string(user), until});
  }

 private:
  absl::Mutex mutex_;
  std::map<token::KeyId, token::PublicKey> keys_ ABSL_GUARDED_BY(mutex_) = PublicKeysOf({AKey(1)});
  std::vector<Revocation> revocations_ ABSL_GUARDED_BY(mutex_);
  bool in_reach_ ABSL_GUARDED_BY(mutex_) = true;
  int questions_until_lost_ ABSL_GUARDED_BY(mutex_) = 1000000;
  absl::Duration age_ ABSL_GUARDED_BY(mutex_);
};

class AuthFeedTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  FakeClock age_clock_;
  FakeAuthSource source_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState state_{age_clock_};
  AuthFeed feed_{source_, keys_, revocations_, state_, clock_};
};

TEST_F(AuthFeedTest, IsLoadedOnceKeysAndRevocationsAreThere) {
  EXPECT_FALSE(state_.loaded());
  source_.SetInReach(false);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_FALSE(state_.loaded());
  source_.SetInReach(true);
  EXPECT_OK(feed_.Follow());
  EXPECT_TRUE(state_.loaded());
  EXPECT_TRUE(keys_.Find(AKeyId(1)).has_value());
}

// What is lost in between leaves nothing half loaded that could be taken for all.
TEST_F(AuthFeedTest, IsNotLoadedBeforeTheLastPageOfTheFirstRound) {
  for (int i = 0; i < 2500; ++i) source_.Revoke(absl::StrCat("user ", i), clock_.Now());
  source_.LoseAfter(2);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_FALSE(state_.loaded());
  EXPECT_FALSE(keys_.Find(AKeyId(1)).has_value()) << "keys come after the revocations";
  source_.LoseAfter(1);
  EXPECT_OK(feed_.Follow()) << "it goes on where it was";
  EXPECT_TRUE(state_.loaded());
  EXPECT_EQ(revocations_.size(), 2500u);
}

TEST_F(AuthFeedTest, KeepsWhatItKnowsWhenAuthIsOutOfReach) {
  source_.Revoke("somebody", clock_.Now());
  ASSERT_OK(feed_.Follow());
  source_.SetInReach(false);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_TRUE(state_.loaded());
  EXPECT_TRUE(keys_.Find(AKeyId(1)).has_value());
  EXPECT_EQ(revocations_.size(), 1u);
}

TEST_F(AuthFeedTest, EveryCompleteRoundMakesItYoungAndNoOtherDoes) {
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(state_.age(), absl::ZeroDuration());
  age_clock_.Advance(absl::Seconds(20));
  source_.SetInReach(false);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_EQ(state_.age(), absl::Seconds(20));
  source_.SetInReach(true);
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(state_.age(), absl::ZeroDuration());
}

// auth answers from memory: where it has lost its database, its answers make nobody younger.
TEST_F(AuthFeedTest, IsAsOldAsWhatItWasTold) {
  source_.SetAge(absl::Seconds(70));
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(state_.age(), absl::Seconds(70));
}

TEST_F(AuthFeedTest, TheNextRoundForgetsAKeyThatWasWithdrawn) {
  ASSERT_OK(feed_.Follow());
  source_.SetKeys(PublicKeysOf({AKey(2)}));
  ASSERT_OK(feed_.Follow());
  EXPECT_FALSE(keys_.Find(AKeyId(1)).has_value());
  EXPECT_TRUE(keys_.Find(AKeyId(2)).has_value());
}

TEST_F(AuthFeedTest, WithoutAnyKeyNothingIsBelieved) {
  ASSERT_OK(feed_.Follow());
  age_clock_.Advance(absl::Seconds(3));
  source_.SetKeys({});
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_TRUE(keys_.Find(AKeyId(1)).has_value());
  EXPECT_EQ(state_.age(), absl::Seconds(3));
}

TEST_F(AuthFeedTest, ReadsAllPagesOfRevocations) {
  for (int i = 0; i < 2500; ++i) source_.Revoke(absl::StrCat("user ", i), clock_.Now());
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 2500u);
  source_.Revoke("one more", clock_.Now());
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 2501u);
}

TEST_F(AuthFeedTest, DropsAllRevocationsOfTokensThatHaveExpired) {
  for (int i = 0; i < 2500; ++i) source_.Revoke(absl::StrCat("user ", i), clock_.Now());
  ASSERT_OK(feed_.Follow());
  clock_.Advance(absl::Hours(49));
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 0u);
}

TEST_F(AuthFeedTest, FollowsOnAThreadOfItsOwnAndStops) {
  source_.Revoke("somebody", clock_.Now());
  feed_.Start();
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!state_.loaded() && absl::Now() < until) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(state_.loaded());
  EXPECT_EQ(revocations_.size(), 1u);
}

}  // namespace auth_feed_test
}  // namespace usher::rpc
