// How something fares that is done again and again: in the log and in metrics.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace prometheus {
class Gauge;
class Registry;
}  // namespace prometheus

namespace usher {

// Of one thread, but for last_success().
class Attempts {
 public:
  // `name`: "sagas". `registry`: where the time of the last success is shown; null: nowhere.
  // Outlives the Attempts.
  Attempts(std::string name, prometheus::Registry* registry);

  // Does it once; what it throws is a failure. A failure is logged when it begins and when it is
  // over, not in between; and not while `ending`: what was broken off did not fail.
  void Make(const std::function<absl::Status()>& attempt, const std::atomic<bool>& ending);

  // In a row, up to now.
  int failures() const { return failures_; }

  // absl::InfinitePast() before the first one. Thread-safe.
  absl::Time last_success() const;

 private:
  const std::string name_;
  prometheus::Gauge* gauge_ = nullptr;
  int failures_ = 0;
  std::atomic<int64_t> last_success_micros_{0};  // since 1970; 0: never
};

}  // namespace usher
