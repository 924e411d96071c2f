// How something fares that is done again and again: in the log and in metrics.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/log.h"

namespace prometheus {
class Gauge;
class Registry;
}  // namespace prometheus

namespace usher {

// Of one thread, but for last_success().
class Attempts {
 public:
  // `name`: "sagas". `registry`: where the time of the last success is shown; null: nowhere.
  // Outlives the Attempts. `company`: whose it is, in log and metric, where a process does the same
  // for several.
  Attempts(std::string name, prometheus::Registry* registry, std::string company = "");

  // Does it once; what it throws is a failure. A failure is logged when it begins and when it is
  // over, not in between; and not while `ending`: what was broken off did not fail.
  void Make(const std::function<absl::Status()>& attempt, const std::atomic<bool>& ending);

  // The same of one that was made.
  void Note(const absl::Status& status, bool broken_off = false);

  // In a row, up to now.
  int failures() const { return failures_; }

  // absl::InfinitePast() before the first one. Thread-safe.
  absl::Time last_success() const;

 private:
  log::Field OfCompany() const;  // none where it is nobody's

  const std::string name_;
  const std::string company_;
  prometheus::Gauge* gauge_ = nullptr;
  int failures_ = 0;
  std::atomic<int64_t> last_success_micros_{0};  // since 1970; 0: never
};

}  // namespace usher
