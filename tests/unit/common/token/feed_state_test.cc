#include "common/token/feed_state.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace usher::token {
namespace feed_state_test {

TEST(FeedState, IsLoadedAndHasAnAgeOnceARoundWasComplete) {
  FakeClock clock;
  FeedState state(clock);
  EXPECT_FALSE(state.loaded());
  EXPECT_EQ(state.age(), absl::InfiniteDuration());
  clock.Advance(absl::Seconds(5));
  state.NoteCompleteRound(clock.Now() - absl::Seconds(2));
  EXPECT_TRUE(state.loaded());
  EXPECT_EQ(state.age(), absl::Seconds(2));
  clock.Advance(absl::Seconds(40));
  EXPECT_EQ(state.age(), absl::Seconds(42));
}

TEST(FeedState, NeverGrowsOlderByARound) {
  FakeClock clock;
  FeedState state(clock);
  state.NoteCompleteRound(clock.Now() - absl::Seconds(1));
  state.NoteCompleteRound(clock.Now() - absl::Seconds(30));
  EXPECT_EQ(state.age(), absl::Seconds(1));
}

// Whoever sets the machine's clock makes nothing younger: ages are measured by another one.
TEST(FeedState, MeasuresByAClockThatOnlyGoesOn) {
  const FeedState state;
  const absl::Time first = state.Now();
  EXPECT_GE(state.Now(), first);
  EXPECT_LT(state.Now(), absl::UnixEpoch() + absl::Hours(24 * 365 * 20)) << "since the start";
}

}  // namespace feed_state_test
}  // namespace usher::token
