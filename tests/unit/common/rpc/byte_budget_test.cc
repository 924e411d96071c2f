#include "common/rpc/lane/byte_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace usher::rpc {
namespace byte_budget_test {

TEST(ByteBudget, GivesUntilTheWholeIsTaken) {
  ByteBudget budget(100, 100);
  const auto first = budget.TryTake("a", 60);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(budget.TryTake("b", 41), nullptr);
  EXPECT_NE(budget.TryTake("b", 40), nullptr);
  EXPECT_EQ(budget.taken(), 60u);
}

TEST(ByteBudget, LetsNobodyHoldMoreThanAShare) {
  ByteBudget budget(100, 50);
  const auto first = budget.TryTake("a", 30);
  EXPECT_EQ(budget.TryTake("a", 21), nullptr);
  EXPECT_NE(budget.TryTake("b", 21), nullptr);
}

TEST(ByteBudget, GivesWhoHoldsNothingMoreThanAShare) {
  ByteBudget budget(100, 50);
  const auto large = budget.TryTake("a", 80);
  EXPECT_NE(large, nullptr);
  EXPECT_EQ(budget.TryTake("a", 1), nullptr);
}

TEST(ByteBudget, TakesBackWhatIsNoLongerHeld) {
  ByteBudget budget(100, 50);
  budget.TryTake("a", 50).reset();
  EXPECT_EQ(budget.taken(), 0u);
  EXPECT_NE(budget.TryTake("a", 50), nullptr);
}

TEST(ByteBudget, MayBeAskedByManyThreads) {
  ByteBudget budget(1000, 100);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget, t] {
      for (int i = 0; i < 1000; ++i) budget.TryTake(std::string(1, static_cast<char>('a' + t)), 60);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.taken(), 0u);
}

}  // namespace byte_budget_test
}  // namespace usher::rpc
