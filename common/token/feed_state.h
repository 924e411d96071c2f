// How far this process is with following auth, and how old what it knows is.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "common/base/clock.h"

namespace usher::token {

// From this age on what is known of revocations is too old to change anything by.
inline constexpr absl::Duration kStaleFeed = absl::Seconds(60);

// Thread-safe, without locks: asked with every call. One feed writes, anybody reads.
class FeedState {
 public:
  // `clock` measures ages: one that never goes back. It outlives this.
  explicit FeedState(const Clock& clock = BootClock::Get()) : clock_(clock) {}

  // The time by `clock`: what a round begins with.
  absl::Time Now() const { return clock_.Now(); }

  // Keys and all revocations are known as they were at `as_of` (by `clock`). What is known never
  // grows older by it.
  void NoteCompleteRound(absl::Time as_of);

  // Once a round was complete. Before that no token can be judged.
  bool loaded() const { return as_of_nanos_.load(std::memory_order_acquire) != kNever; }

  // Infinite before the first complete round.
  absl::Duration age() const;

 private:
  static constexpr int64_t kNever = INT64_MIN;

  const Clock& clock_;
  std::atomic<int64_t> as_of_nanos_{kNever};
};

}  // namespace usher::token
