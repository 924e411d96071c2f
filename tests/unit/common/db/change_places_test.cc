// Changes that are not confirmed are bounded, and whoever else wants one does not wait behind them.
#include "common/db/change_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace change_places_test {

using Place = ChangePlaces::Place;

class ChangePlacesTest : public ::testing::Test {
 protected:
  absl::StatusOr<Place> Take(size_t most, absl::Duration patience = absl::Minutes(1)) {
    CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    call.cancelled = std::make_shared<std::atomic<bool>>(false);
    return places_.Take(call, most);
  }
  ChangePlaces places_;
};

TEST_F(ChangePlacesTest, ThereAreSoManyAndTheyComeBack) {
  std::optional<absl::StatusOr<Place>> first = Take(2);
  ASSERT_OK(*first);
  ASSERT_OK(Take(2)) << "and is left at once";
  const absl::StatusOr<Place> second = Take(2);
  ASSERT_OK(second);
  EXPECT_EQ(places_.taken(), 2u);
  first.reset();
  EXPECT_EQ(places_.taken(), 1u);
  EXPECT_OK(Take(2));
}

TEST_F(ChangePlacesTest, WhoFindsNoneWaitsForOneThatIsLeft) {
  std::optional<absl::StatusOr<Place>> first = Take(1);
  std::atomic<bool> got{false};
  std::thread waiting([&] { got = Take(1).ok(); });
  first.reset();
  waiting.join();
  EXPECT_TRUE(got);
}

TEST_F(ChangePlacesTest, WhereNobodyComesOutNobodyWaits) {
  const absl::StatusOr<Place> stuck = Take(1);
  const absl::Time begin = absl::Now();
  EXPECT_THAT(Take(1), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_GE(absl::Now() - begin, ChangePlaces::kPatience / 2) << "a little patience";
  const absl::Time later = absl::Now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(Take(1), IsUndecided(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_LT(absl::Now() - later, ChangePlaces::kPatience / 2) << "but once";
}

TEST_F(ChangePlacesTest, WhenOneComesOutOthersWaitAgain) {
  std::optional<absl::StatusOr<Place>> stuck = Take(1);
  EXPECT_FALSE(Take(1).ok());
  stuck.reset();
  stuck.emplace(Take(1));
  std::atomic<bool> got{false};
  std::thread waiting([&] { got = Take(1).ok(); });
  stuck.reset();
  waiting.join();
  EXPECT_TRUE(got);
}

TEST_F(ChangePlacesTest, NobodyWaitsBeyondTheDeadline) {
  const absl::StatusOr<Place> stuck = Take(1);
  EXPECT_THAT(Take(1, absl::Milliseconds(20)), IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ChangePlacesTest, ThoseWhoWaitAreBounded) {
  std::optional<absl::StatusOr<Place>> stuck = Take(1);
  std::atomic<int> refused{0};
  std::vector<std::thread> crowd;
  for (size_t i = 0; i < 2 * ChangePlaces::kMostWaiting; ++i) {
    crowd.emplace_back([&] { refused += Take(1).ok() ? 0 : 1; });
  }
  while (refused < static_cast<int>(ChangePlaces::kMostWaiting)) std::this_thread::yield();
  stuck.reset();
  for (std::thread& one : crowd) one.join();
  EXPECT_EQ(places_.taken(), 0u);
}

// The later steps of a saga, say, which a hundred newcomers must not push out.
TEST_F(ChangePlacesTest, WhatNothingMayBreakOffWaitsBesideAnyCrowd) {
  std::optional<absl::StatusOr<Place>> stuck = Take(1);
  std::vector<std::thread> crowd;
  std::atomic<int> refused{0};
  for (size_t i = 0; i < ChangePlaces::kMostWaiting + 1; ++i) {
    crowd.emplace_back([&] { refused += Take(1).ok() ? 0 : 1; });
  }
  while (refused == 0) std::this_thread::yield();
  std::atomic<bool> got{false};
  std::thread behind([&] {
    got = places_.Take(ACaller().Until(absl::Now() + absl::Minutes(1)).BuildCall(), 1).ok();
  });
  stuck.reset();
  behind.join();
  for (std::thread& one : crowd) one.join();
  EXPECT_TRUE(got);
}

TEST(MostChanges, LeavesConnectionsForReading) {
  EXPECT_EQ(MostChanges(10), 8u);
  EXPECT_EQ(MostChanges(3), 1u);
  EXPECT_EQ(MostChanges(2), 1u);
  EXPECT_EQ(MostChanges(1), 1u);
}

}  // namespace change_places_test
}  // namespace usher::db
