#include "common/token/feed_state.h"

#include <algorithm>

namespace usher::token {

void FeedState::NoteCompleteRound(absl::Time as_of) {
  const int64_t nanos = absl::ToUnixNanos(as_of);
  as_of_nanos_.store(std::max(nanos, as_of_nanos_.load(std::memory_order_relaxed)),
                     std::memory_order_release);
}

absl::Duration FeedState::age() const {
  const int64_t nanos = as_of_nanos_.load(std::memory_order_acquire);
  if (nanos == kNever) return absl::InfiniteDuration();
  return std::max(absl::ZeroDuration(), clock_.Now() - absl::FromUnixNanos(nanos));
}

}  // namespace usher::token
