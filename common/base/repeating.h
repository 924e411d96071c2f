// A thread that does the same thing now and then: sweeps, cleans up, follows.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/attempts.h"

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace usher {

struct RepeatingOptions {
  std::string name;       // "sagas": in log and metrics
  absl::Duration period;  // from the end of one round to the beginning of the next
  // The pause after a first failure, which doubles with each further one up to the longest.
  absl::Duration first_retry = absl::Seconds(1);
  absl::Duration longest_retry = absl::Seconds(10);
  // Where the time of the last success is shown; null: nowhere. Outlives the Repeating.
  prometheus::Registry* registry = nullptr;
};

// The pause after the given number of failures in a row.
absl::Duration PauseAfter(const RepeatingOptions& options, int failures);

// Rounds follow each other on one thread; the first begins at once. Failures are logged as Attempts
// does. Declare it last in its owner: its destructor ends the thread, and what the rounds use must
// outlive that.
class Repeating {
 public:
  using Round = std::function<absl::Status()>;

  Repeating(RepeatingOptions options, Round round);
  // Begins no further round, and waits for the one at hand: no longer than a single wait of it
  // when it gives its calls a deadline, and ending() as what cancels them.
  ~Repeating();

  // Once. Without it nothing is ever done.
  void Start();

  // True from the moment at which the thread is to end; as CallContext::cancelled wants it.
  const std::shared_ptr<const std::atomic<bool>>& ending() const { return shown_ending_; }

  // absl::InfinitePast() before the first one.
  absl::Time last_success() const { return attempts_.last_success(); }

 private:
  void Run();

  const RepeatingOptions options_;
  const Round round_;
  const std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);
  const std::shared_ptr<const std::atomic<bool>> shown_ending_ = ending_;
  Attempts attempts_;
  absl::Mutex mutex_;  // for waking the thread up
  std::thread thread_;
};

}  // namespace usher
