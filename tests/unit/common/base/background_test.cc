#include "common/base/background.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace background_test {

TEST(Background, IsAPropertyOfOneThread) {
  // Whatever the run itself was niced to.
  const int own = getpriority(PRIO_PROCESS, 0);
  std::thread([own] {
    StandBehind();
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), std::min(19, own + 5));
    // Beside others that always want a core it still gets one.
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
  }).join();
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own);
}

TEST(Background, StandsNoFurtherBehindWhereItWasMadeByOneThatDoes) {
  const int own = getpriority(PRIO_PROCESS, 0);
  std::thread([own] {
    StandBehind();
    std::thread([own] {
      StandBehind();
      EXPECT_EQ(getpriority(PRIO_PROCESS, 0), std::min(19, own + 5));
    }).join();
  }).join();
}

TEST(Background, AThreadComputesNoLongerThanItRuns) {
  const absl::Time started = absl::Now();
  const absl::Duration before = ComputedByThisThread();
  absl::Duration computed;
  while (computed <= absl::ZeroDuration()) computed = ComputedByThisThread() - before;
  EXPECT_LE(computed, absl::Now() - started + absl::Milliseconds(1));
}

TEST(Background, WhoeverIsInTheWayOfOthersRestsAndNobodyElse) {
  const absl::Duration work = absl::Milliseconds(40);
  EXPECT_EQ(RestAfter(work, work, 0), absl::ZeroDuration());
  EXPECT_EQ(RestAfter(1.5 * work, work, 0), absl::ZeroDuration());
  EXPECT_EQ(RestAfter(1.75 * work, work, 0), absl::Milliseconds(125));
  EXPECT_EQ(RestAfter(2 * work, work, 0), absl::Milliseconds(250));
  EXPECT_EQ(RestAfter(absl::Seconds(5), work, 0), absl::Milliseconds(250));
  EXPECT_EQ(RestAfter(absl::Milliseconds(2), absl::Milliseconds(1), 0), absl::Milliseconds(12));
  EXPECT_EQ(RestAfter(absl::Seconds(5), absl::ZeroDuration(), 1), absl::ZeroDuration());
}

TEST(Background, WhoeverLosesNothingRestsAllTheSameWhereOthersMakeUseOfTheCores) {
  const absl::Duration work = absl::Milliseconds(40);
  EXPECT_EQ(RestAfter(work, work, 0.2), absl::ZeroDuration());
  EXPECT_EQ(RestAfter(work, work, 0.35), absl::Milliseconds(120));
  EXPECT_EQ(RestAfter(work, work, 0.5), absl::Milliseconds(240));
  EXPECT_EQ(RestAfter(work, work, 1), absl::Milliseconds(240));
  EXPECT_EQ(RestAfter(2 * work, work, 0.1), absl::Milliseconds(250));  // the longer of the two
}

}  // namespace background_test
}  // namespace usher
