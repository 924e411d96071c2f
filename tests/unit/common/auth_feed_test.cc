#include "common/rpc/auth_feed.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace {

using token::AKey;
using token::AKeyId;
using token::PublicKeysOf;
using token::Revocation;
using token::RevocationKind;

// Thread-safe. Revocations are numbered from 1.
class FakeAuthSource final : public AuthSource {
 public:
  absl::StatusOr<std::map<token::KeyId, token::PublicKey>> ListKeys() override {
    const absl::MutexLock lock(&mutex_);
    ++key_lists_;
    if (!in_reach_) return Unreachable("auth");
    return keys_;
  }
  absl::StatusOr<std::vector<Revocation>> ListRevocations(int64_t after) override {
    const absl::MutexLock lock(&mutex_);
    if (!in_reach_) return Unreachable("auth");
    std::vector<Revocation> page;
    for (const Revocation& revocation : revocations_) {
      if (revocation.sequence > after && page.size() < 1000) page.push_back(revocation);
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
  void Revoke(absl::string_view user, absl::Time until) {
    const absl::MutexLock lock(&mutex_);
    revocations_.push_back({static_cast<int64_t>(revocations_.size()) + 1, RevocationKind::kUser,
                            CompanyId("acme"), std::string(user), until});
  }
  int key_lists() const {
    const absl::MutexLock lock(&mutex_);
    return key_lists_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<token::KeyId, token::PublicKey> keys_ ABSL_GUARDED_BY(mutex_) = PublicKeysOf({AKey(1)});
  std::vector<Revocation> revocations_ ABSL_GUARDED_BY(mutex_);
  bool in_reach_ ABSL_GUARDED_BY(mutex_) = true;
  int key_lists_ ABSL_GUARDED_BY(mutex_) = 0;
};

class AuthFeedTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  FakeAuthSource source_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  AuthFeed feed_{source_, keys_, revocations_, clock_};
};

TEST_F(AuthFeedTest, IsLoadedOnceKeysAndRevocationsAreThere) {
  EXPECT_FALSE(feed_.loaded());
  source_.SetInReach(false);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_FALSE(feed_.loaded());
  source_.SetInReach(true);
  EXPECT_OK(feed_.Follow());
  EXPECT_TRUE(feed_.loaded());
  EXPECT_TRUE(keys_.Find(AKeyId(1)).has_value());
}

TEST_F(AuthFeedTest, KeepsWhatItKnowsWhenAuthIsOutOfReach) {
  source_.Revoke("somebody", clock_.Now());
  ASSERT_OK(feed_.Follow());
  source_.SetInReach(false);
  EXPECT_FALSE(feed_.Follow().ok());
  EXPECT_TRUE(feed_.loaded());
  EXPECT_TRUE(keys_.Find(AKeyId(1)).has_value());
  EXPECT_EQ(revocations_.size(), 1u);
}

TEST_F(AuthFeedTest, AsksForKeysOnceAMinute) {
  ASSERT_OK(feed_.Follow());
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(source_.key_lists(), 1);
  clock_.Advance(absl::Seconds(61));
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(source_.key_lists(), 2);
}

TEST_F(AuthFeedTest, AsksForKeysAtOnceWhenAnUnknownOneWasSeen) {
  ASSERT_OK(feed_.Follow());
  source_.SetKeys(PublicKeysOf({AKey(1), AKey(2)}));
  keys_.NoteUnknownKey();
  ASSERT_OK(feed_.Follow());
  EXPECT_TRUE(keys_.Find(AKeyId(2)).has_value());
}

TEST_F(AuthFeedTest, ForgetsAKeyThatWasWithdrawn) {
  ASSERT_OK(feed_.Follow());
  source_.SetKeys(PublicKeysOf({AKey(2)}));
  clock_.Advance(absl::Seconds(61));
  ASSERT_OK(feed_.Follow());
  EXPECT_FALSE(keys_.Find(AKeyId(1)).has_value());
}

TEST_F(AuthFeedTest, ReadsAllPagesOfRevocations) {
  for (int i = 0; i < 2500; ++i) source_.Revoke(absl::StrCat("user ", i), clock_.Now());
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 2500u);
  source_.Revoke("one more", clock_.Now());
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 2501u);
}

TEST_F(AuthFeedTest, DropsRevocationsOfTokensThatHaveExpired) {
  source_.Revoke("somebody", clock_.Now());
  ASSERT_OK(feed_.Follow());
  clock_.Advance(absl::Hours(49));
  ASSERT_OK(feed_.Follow());
  EXPECT_EQ(revocations_.size(), 0u);
}

TEST_F(AuthFeedTest, FollowsOnAThreadOfItsOwnAndStops) {
  source_.Revoke("somebody", clock_.Now());
  feed_.Start();
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!feed_.loaded() && absl::Now() < until) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(feed_.loaded());
  EXPECT_EQ(revocations_.size(), 1u);
}

}  // namespace
}  // namespace usher::rpc
