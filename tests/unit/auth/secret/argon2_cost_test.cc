#include "services/auth/secret/argon2_cost.h"

#include <gtest/gtest.h>

namespace usher::auth {
namespace argon2_cost_test {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr char kEightMiBOnce[] = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdA$aGFzaA";

// Passes times memory is what it costs.
TEST(Argon2Cost, TheRestMakesACheaperCheckCostAsMuchAsTheSettings) {
  for (const Argon2Run& whole : {Argon2Run{19 * kMiB, 2}, Argon2Run{64 * kMiB, 3},
                                 Argon2Run{8 * kMiB, 2}, Argon2Run{12 * kMiB, 1}}) {
    const Argon2Run rest = RestOf(whole, kEightMiBOnce);
    EXPECT_LE(rest.memory, whole.memory);
    EXPECT_NEAR(static_cast<double>(rest.memory * rest.passes + 8 * kMiB),
                static_cast<double>(whole.memory * whole.passes), 8);
  }
}

TEST(Argon2Cost, TheCostlierOfTwoIsThatOfMoreWorkWhicheverHasMoreMemory) {
  const Argon2Run twice{19 * kMiB, 2};
  const Argon2Run five_times{8 * kMiB, 5};
  EXPECT_EQ(CostlierOf(twice, five_times).passes, 5u);
  EXPECT_EQ(CostlierOf(five_times, twice).passes, 5u);
  EXPECT_EQ(CostlierOf(twice, Argon2Run()).passes, 2u);
}

TEST(Argon2Cost, NothingIsLeftWhereTheCheckCostsAsMuchOrMore) {
  for (const Argon2Run& whole :
       {Argon2Run{8 * kMiB, 1}, Argon2Run{4 * kMiB, 2}, Argon2Run{2 * kMiB, 3}}) {
    EXPECT_EQ(RestOf(whole, kEightMiBOnce).passes, 0u);
  }
}

TEST(Argon2Cost, WhatIsNoHashOfOursLeavesNothing) {
  for (const char* text : {"", "$argon2i$v=19$m=8192,t=1,p=1$x$y", "$argon2id$v=19$m=8192",
                           "$argon2id$v=19$m=many,t=1,p=1$x$y", "$argon2id$v=19$m=0,t=1,p=1$x$y"}) {
    EXPECT_EQ(RestOf({19 * kMiB, 2}, text).passes, 0u) << text;
  }
}

}  // namespace argon2_cost_test
}  // namespace usher::auth
