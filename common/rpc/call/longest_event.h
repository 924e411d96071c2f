// How long one event kept a polling thread from all others.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace usher::rpc {

// Thread-safe, and cheap: one comparison for each event. Remembers half a minute to a minute.
class LongestEvent {
 public:
  // `now` and `took` in nanoseconds of a monotonic clock.
  void Note(int64_t now, int64_t took);
  absl::Duration Get(int64_t now) const;

 private:
  struct Half {
    std::atomic<int64_t> number{-1};  // which half minute
    std::atomic<int64_t> longest{0};
  };
  std::array<Half, 2> halves_;
};

// What a thread does between two waits, if all clients of its connections wait for it: one event of
// a polling thread, or of the JSON door's. Counts from here to the end of the block.
class PollerEvent {
 public:
  PollerEvent();
  ~PollerEvent();
  PollerEvent(const PollerEvent&) = delete;
  PollerEvent& operator=(const PollerEvent&) = delete;

  // Of all such threads of the process, in the last minute or so.
  static absl::Duration Longest();

 private:
  const int64_t begun_;
};

}  // namespace usher::rpc
