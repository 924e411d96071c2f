// What would be said again and again is said now and then.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {

// Of one complaint. Thread-safe.
class Seldom {
 public:
  explicit Seldom(absl::Duration between = absl::Seconds(10)) : between_(between) {}

  // Whether it is time to say it: the first time, and then once in so long.
  bool IsDue(absl::Time now = absl::Now()) {
    int64_t due = due_micros_.load();
    return absl::ToUnixMicros(now) >= due &&
           due_micros_.compare_exchange_strong(due, absl::ToUnixMicros(now + between_));
  }

 private:
  const absl::Duration between_;
  std::atomic<int64_t> due_micros_{0};  // since 1970
};

}  // namespace usher
