#include "common/base/others_share.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/background.h"
#include "tests/support/fake_clock.h"

namespace usher {
namespace others_share_test {

TEST(CoreTime, IsBusyWithWhateverIsNeitherIdleNorWaitingNorTakenAway) {
  const std::optional<CoreTime> cores = ParseCoreTime(
      "cpu  1 20 300 4000 50000 600000 7000000 80000000 3 2\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
  ASSERT_TRUE(cores.has_value());
  const absl::Duration tick = absl::Seconds(1) / sysconf(_SC_CLK_TCK);
  EXPECT_EQ(cores->busy, tick * 7600321);
  EXPECT_EQ(cores->all, tick * 87654321);
}

TEST(CoreTime, OfAnythingElseIsNothing) {
  for (const char* text : {"", "cpu", "cpu ", "cpu  1 2 3 4 5 6 7\n", "cpu  1 2 3 4 5 6 7 x\n",
                           "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3 -4 5 6 7 8\n"}) {
    EXPECT_FALSE(ParseCoreTime(text).has_value()) << text;
  }
}

TEST(CoreTime, GoesOnInTheRealMachine) {
  const std::optional<CoreTime> before = ReadCoreTime();
  ASSERT_TRUE(before.has_value());
  std::optional<CoreTime> now = before;
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (now->busy == before->busy && absl::Now() < end) now = ReadCoreTime();
  EXPECT_GT(now->busy, before->busy);
  EXPECT_GT(now->all, before->all);
}

class OthersShareTest : public ::testing::Test {
 protected:
  double After(absl::Duration time) {
    clock_.Advance(time);
    return others_.OfLate().value_or(-1);
  }

  FakeClock clock_;
  CoreTime cores_;
  OthersShare others_{[this] { return cores_; }, clock_};
};

TEST_F(OthersShareTest, IsWhatTheCoresWereBusyWithButForTheThreadsThatAreLeftOut) {
  others_.LeaveOut();
  EXPECT_EQ(After(absl::ZeroDuration()), 0);
  // This thread computes meanwhile, and is no other.
  const absl::Duration before = ComputedByThisThread();
  while (ComputedByThisThread() - before < absl::Milliseconds(2)) {
  }
  const absl::Duration own = ComputedByThisThread() - before;
  cores_ = {.busy = own + absl::Milliseconds(300), .all = absl::Seconds(1)};
  EXPECT_NEAR(After(absl::Seconds(1)), 0.3, 0.001);
  cores_.all = absl::Seconds(2);
  EXPECT_EQ(After(absl::Seconds(1)), 0);
}

TEST_F(OthersShareTest, IsLookedAtOnceInATenthOfASecond) {
  EXPECT_EQ(After(absl::ZeroDuration()), 0);
  cores_ = {.busy = absl::Milliseconds(100), .all = absl::Milliseconds(200)};
  EXPECT_EQ(After(absl::Milliseconds(99)), -1);
  EXPECT_EQ(After(absl::Milliseconds(1)), 0.5);
}

TEST_F(OthersShareTest, IsNothingWhereTheLastLookIsNotOfLate) {
  EXPECT_EQ(After(absl::ZeroDuration()), 0);
  cores_ = {.busy = absl::Seconds(1), .all = absl::Seconds(1.1)};
  EXPECT_EQ(After(absl::Seconds(1.1)), 0);
}

TEST(OthersShare, IsNothingWhereNothingIsKnown) {
  OthersShare others([] { return std::nullopt; });
  EXPECT_EQ(others.OfLate(), 0);
  EXPECT_EQ(others.OfLate(), 0);
}

}  // namespace others_share_test
}  // namespace usher
