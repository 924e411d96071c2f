#include "services/auth/secret/hashing_pace.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/time/time.h"
#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace hashing_pace_test {

constexpr absl::Duration kHash = absl::Milliseconds(40);
constexpr absl::Duration kLongest = absl::Milliseconds(240);

// Two threads, and cores and callers that a test makes up.
class HashingPaceTest : public ::testing::Test {
 protected:
  HashingPaceTest()
      : pace_(
            {.threads = 2,
             .calls = 6,
             .queue = 100,
             .room_changed = [this](size_t room) { rooms_.push_back(room); },
             .answered = [this] { return calls_; }},
            [this] { return cores_; }, clock_) {
    pace_.Count(kHash, kHash);  // the first look
  }

  // After a second in which others had this part of the cores, and so many calls came.
  absl::Duration RestAfterASecond(double others, uint64_t served, uint64_t refused) {
    clock_.Advance(absl::Seconds(1));
    cores_.all += absl::Seconds(1);
    cores_.busy += absl::Seconds(others);
    calls_.served += served;
    calls_.refused += refused;
    return pace_.Count(kHash, kHash);
  }

  FakeClock clock_;
  CoreTime cores_;
  HashingPace::Calls calls_;
  std::vector<size_t> rooms_;
  HashingPace pace_;
};

TEST_F(HashingPaceTest, NobodyRestsWhereNobodyElseWantsTheCores) {
  EXPECT_EQ(RestAfterASecond(0.1, 0, 0), absl::ZeroDuration());
  EXPECT_EQ(pace_.Count(kHash, kHash), absl::ZeroDuration());
}

TEST_F(HashingPaceTest, RestsWhileOthersMakeUseOfTheCoresAlsoWhereAHashLosesNothing) {
  EXPECT_EQ(RestAfterASecond(0.8, 1000, 0), kLongest);
  EXPECT_EQ(pace_.Count(kHash, kHash), kLongest);  // until the next look
  EXPECT_EQ(RestAfterASecond(0.1, 10, 0), absl::ZeroDuration());
}

TEST_F(HashingPaceTest, RestsBesideWhatIsNoCallAtAll) {
  EXPECT_EQ(RestAfterASecond(0.8, 0, 0), kLongest);
}

// Else a client that tries again at once would keep hashes from being made by being refused.
TEST_F(HashingPaceTest, DoesNotRestForWhatRefusalsTake) {
  EXPECT_EQ(RestAfterASecond(0.8, 50, 9000), absl::ZeroDuration());
  EXPECT_EQ(RestAfterASecond(0.8, 1000, 300), kLongest);
}

TEST_F(HashingPaceTest, AsManyMayWaitAsAreHashedWithinASecondRestsIncluded) {
  EXPECT_EQ(rooms_, (std::vector<size_t>{44}));  // 50 a second, 6 at it
  RestAfterASecond(0.8, 1000, 0);
  EXPECT_EQ(rooms_, (std::vector<size_t>{44, 2}));
  RestAfterASecond(0, 1000, 0);
  EXPECT_EQ(rooms_, (std::vector<size_t>{44, 2, 44}));
}

TEST_F(HashingPaceTest, OneHashThatWasDisturbedMakesNobodyRest) {
  EXPECT_EQ(pace_.Count(2 * kHash, kHash), absl::ZeroDuration());
  absl::Duration rest;
  for (int i = 0; i < 8; ++i) rest = pace_.Count(2 * kHash, kHash);
  EXPECT_GT(rest, absl::Milliseconds(200));
}

}  // namespace hashing_pace_test
}  // namespace usher::auth
