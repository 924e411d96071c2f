#include "common/base/background.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace {

// True when the calling thread, which computes all the time, offers its core before long.
bool Offers() {
  const int before = OfferingCore::offered();
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (OfferingCore::offered() == before) {
    if (absl::Now() > until) return false;
  }
  return true;
}

TEST(Background, IsAPropertyOfOneThread) {
  std::thread([] {
    GoToBackground();
    EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
  }).join();
  std::thread([] {
    StandBehind();
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 10);
  }).join();
  EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
}

TEST(OfferingCore, InterruptsAThreadThatComputes) {
  const OfferingCore offering;
  EXPECT_TRUE(Offers());
  std::thread([] {
    const OfferingCore own;
    EXPECT_TRUE(Offers());
  }).join();
}

TEST(OfferingCore, EndsWithIt) {
  { const OfferingCore offering; }
  const int at_the_end = OfferingCore::offered();
  std::thread([] {
    const OfferingCore other;  // of another thread
    EXPECT_TRUE(Offers());
  }).join();
  EXPECT_EQ(OfferingCore::offered(), at_the_end);
}

}  // namespace
}  // namespace usher
