#include "common/rpc/call/longest_event.h"

#include <algorithm>
#include <chrono>

namespace usher::rpc {
namespace {

constexpr int64_t kHalfMinute = 30'000'000'000;  // nanoseconds

LongestEvent& TheLongestEvent() {
  static auto* const longest = new LongestEvent();
  return *longest;
}

int64_t MonotonicNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void LongestEvent::Note(int64_t now, int64_t took) {
  const int64_t number = now / kHalfMinute;
  Half& half = halves_[static_cast<size_t>(number) % halves_.size()];
  int64_t seen = half.number.load(std::memory_order_relaxed);
  // Whoever comes first in a half minute empties it. Another one that came at the same moment may
  // be lost; the next long event is not.
  if (seen != number && half.number.compare_exchange_strong(seen, number)) half.longest.store(0);
  int64_t longest = half.longest.load(std::memory_order_relaxed);
  while (took > longest && !half.longest.compare_exchange_weak(longest, took)) {
  }
}

absl::Duration LongestEvent::Get(int64_t now) const {
  const int64_t number = now / kHalfMinute;
  int64_t longest = 0;
  for (const Half& half : halves_) {
    if (half.number.load() >= number - 1) longest = std::max(longest, half.longest.load());
  }
  return absl::Nanoseconds(longest);
}

PollerEvent::PollerEvent() : begun_(MonotonicNanoseconds()) {}

PollerEvent::~PollerEvent() {
  const int64_t now = MonotonicNanoseconds();
  TheLongestEvent().Note(now, now - begun_);
}

absl::Duration PollerEvent::Longest() { return TheLongestEvent().Get(MonotonicNanoseconds()); }

}  // namespace usher::rpc
