#include "common/rpc/lane/byte_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace usher::rpc {
namespace byte_budget_test {

TEST(ByteBudget, GivesUntilTheWholeIsTaken) {
  ByteBudget budget(100, 100);
  const auto first = budget.TryTake("a", 60, Standing::kKnown);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(budget.TryTake("b", 41, Standing::kKnown), nullptr);
  EXPECT_NE(budget.TryTake("b", 40, Standing::kKnown), nullptr);
  EXPECT_EQ(budget.taken(), 60u);
}

TEST(ByteBudget, LetsNobodyHoldMoreThanAShare) {
  ByteBudget budget(100, 50);
  const auto first = budget.TryTake("a", 30, Standing::kKnown);
  EXPECT_EQ(budget.TryTake("a", 21, Standing::kKnown), nullptr);
  EXPECT_NE(budget.TryTake("b", 21, Standing::kKnown), nullptr);
}

TEST(ByteBudget, GivesWhoHoldsNothingMoreThanAShare) {
  ByteBudget budget(100, 50);
  const auto large = budget.TryTake("a", 80, Standing::kKnown);
  EXPECT_NE(large, nullptr);
  EXPECT_EQ(budget.TryTake("a", 1, Standing::kKnown), nullptr);
}

TEST(ByteBudget, StrangersCannotFillTheLastQuarter) {
  ByteBudget budget(100, 100);
  const auto first = budget.TryTake("a", 40, Standing::kStranger);
  EXPECT_EQ(budget.TryTake("b", 36, Standing::kStranger), nullptr);
  const auto second = budget.TryTake("b", 35, Standing::kStranger);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(budget.TryTake("c", 1, Standing::kStranger), nullptr);
  const auto known = budget.TryTake("acme", 25, Standing::kKnown);
  EXPECT_NE(known, nullptr);
  EXPECT_EQ(budget.TryTake("acme", 1, Standing::kKnown), nullptr);
}

TEST(ByteBudget, WhatKnownCallersHoldIsNotTheStrangers) {
  ByteBudget budget(100, 100);
  auto known = budget.TryTake("acme", 50, Standing::kKnown);
  auto stranger = budget.TryTake("a", 50, Standing::kStranger);
  EXPECT_NE(stranger, nullptr);
  known.reset();
  EXPECT_EQ(budget.TryTake("b", 26, Standing::kStranger), nullptr);
  EXPECT_NE(budget.TryTake("b", 25, Standing::kStranger), nullptr);
  stranger.reset();
  EXPECT_NE(budget.TryTake("b", 75, Standing::kStranger), nullptr);
}

TEST(ByteBudget, TakesBackWhatIsNoLongerHeld) {
  ByteBudget budget(100, 50);
  budget.TryTake("a", 50, Standing::kKnown).reset();
  EXPECT_EQ(budget.taken(), 0u);
  EXPECT_NE(budget.TryTake("a", 50, Standing::kKnown), nullptr);
}

TEST(ByteBudget, MayBeAskedByManyThreads) {
  ByteBudget budget(1000, 100);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget, t] {
      for (int i = 0; i < 1000; ++i)
        budget.TryTake(std::string(1, static_cast<char>('a' + t)), 60,
                       t % 2 == 0 ? Standing::kKnown : Standing::kStranger);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.taken(), 0u);
}

}  // namespace byte_budget_test
}  // namespace usher::rpc
