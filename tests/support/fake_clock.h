// A clock that stands still until a test moves it, and one that differs from another.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace usher {

// Thread-safe. Starts in the year 2030, to the second.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1893456000)) : now_(now) {}

  absl::Time Now() const override {
    const absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    const absl::MutexLock lock(&mutex_);
    now_ += by;
  }
  void Set(absl::Time now) {
    const absl::MutexLock lock(&mutex_);
    now_ = now;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

// Another machine's clock: as far from `other` as a test says.
class SkewedClock final : public Clock {
 public:
  explicit SkewedClock(const Clock& other, absl::Duration skew = absl::ZeroDuration())
      : other_(other), skew_(skew) {}

  absl::Time Now() const override {
    const absl::MutexLock lock(&mutex_);
    return other_.Now() + skew_;
  }
  void SetSkew(absl::Duration skew) {
    const absl::MutexLock lock(&mutex_);
    skew_ = skew;
  }

 private:
  const Clock& other_;
  mutable absl::Mutex mutex_;
  absl::Duration skew_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher
