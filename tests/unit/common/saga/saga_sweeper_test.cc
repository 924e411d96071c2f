#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/saga/sweeper.h"
#include "common/status/reply_error.h"
#include "tests/support/status_matchers.h"

namespace usher::saga {
namespace saga_sweeper_test {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(SagaSweeper, SettlesUntilNothingIsLeft) {
  int left = 3;
  Sweeper sweeper({.settle_one = [&](const CallContext&) { return left > 0 && left-- > 0; }});
  EXPECT_OK(sweeper.Sweep());
  EXPECT_EQ(left, 0);
}

TEST(SagaSweeper, GoesOnWithOthersWhereOneFailsAndTellsTheFailure) {
  int asked = 0;
  Sweeper sweeper({.settle_one = [&](const CallContext&) -> absl::StatusOr<bool> {
    if (++asked == 2) return Unreachable("the auth service");
    return asked < 4;
  }});
  EXPECT_EQ(sweeper.Sweep(), Unreachable("the auth service"));
  EXPECT_EQ(asked, 4);
}

TEST(SagaSweeper, LeavesTheRestForAnotherTimeWhenManyFail) {
  int asked = 0;
  Sweeper sweeper({.settle_one = [&](const CallContext&) -> absl::StatusOr<bool> {
    ++asked;
    return Unreachable("the auth service");
  }});
  EXPECT_EQ(sweeper.Sweep(), Unreachable("the auth service"));
  EXPECT_EQ(asked, 8);
}

TEST(SagaSweeper, EverySettlingHasADeadlineThatIsShorterThanItsLease) {
  int calls = 0;
  Sweeper sweeper({.settle_one = [&](const CallContext& call) {
    EXPECT_GT(call.deadline, absl::Now());
    EXPECT_LT(call.deadline, absl::Now() + LeaseFor(absl::ZeroDuration()));
    EXPECT_FALSE(call.IsCancelled());
    return ++calls < 3;
  }});
  EXPECT_OK(sweeper.Sweep());
}

TEST(SagaSweeper, AnOutageDoesNotEndItsThread) {
  absl::Notification settled;
  int round = 0;
  Sweeper sweeper({.settle_one = [&](const CallContext&) -> absl::StatusOr<bool> {
    if (++round == 1) return Unreachable("the auth service");
    if (round == 2) settled.Notify();
    return false;
  }});
  sweeper.Start();
  EXPECT_TRUE(settled.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST(SagaSweeper, OneThatWasNeverStartedEndsToo) {
  const Sweeper sweeper({.settle_one = [](const CallContext&) { return false; }});
}

// In labels of "kind/state".
std::map<std::string, double> Shown(prometheus::Registry& registry, const std::string& metric) {
  std::map<std::string, double> values;
  for (const auto& family : registry.Collect()) {
    if (family.name != metric) continue;
    for (const auto& one : family.metric) {
      values[absl::StrCat(one.label[0].value, "/", one.label[1].value)] = one.gauge.value;
    }
  }
  return values;
}

TEST(SagaSweeper, ShowsHowManyThereAreAndHowOldTheOldestIs) {
  prometheus::Registry registry;
  std::vector<Backlog> backlog = {{1, 0, 7, absl::Seconds(90)}};
  Sweeper sweeper({.settle_one = [](const CallContext&) { return false; },
                   .count = [&](const CallContext&) { return backlog; },
                   .kinds = {{1, "creation"}, {2, "removal"}},
                   .states = {{0, "begun"}},
                   .registry = &registry});
  EXPECT_OK(sweeper.Sweep());
  EXPECT_THAT(Shown(registry, "usher_sagas"),
              UnorderedElementsAre(Pair("creation/begun", 7), Pair("removal/begun", 0)));
  EXPECT_EQ(Shown(registry, "usher_saga_oldest_age_seconds")["creation/begun"], 90);
  backlog.clear();
  EXPECT_OK(sweeper.Sweep());
  EXPECT_EQ(Shown(registry, "usher_sagas")["creation/begun"], 0);
  EXPECT_EQ(Shown(registry, "usher_saga_oldest_age_seconds")["creation/begun"], 0);
}

}  // namespace saga_sweeper_test
}  // namespace usher::saga
