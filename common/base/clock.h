// Where the time comes from, so that tests can set it.
#pragma once

#include <time.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// For ages and patience: never set, never going back, and going on while the machine sleeps
// (CLOCK_BOOTTIME, clock_gettime(2)). Its times say nothing but how far they are apart.
class BootClock : public Clock {
 public:
  static const BootClock& Get() {
    static const BootClock clock;
    return clock;
  }
  absl::Time Now() const override {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return absl::TimeFromTimespec(now);
  }
};

}  // namespace usher
