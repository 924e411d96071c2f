// Answers that are there and not told yet.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace usher::rpc {

// Tells each when it is due, on a thread that begins with the first of them. Thread-safe.
class LateAnswers {
 public:
  using Tell = std::function<void()>;

  LateAnswers() = default;
  LateAnswers(const LateAnswers&) = delete;
  LateAnswers& operator=(const LateAnswers&) = delete;
  ~LateAnswers();  // tells all that are left

  // False, and nothing happens, where kMost wait already or there is no thread.
  bool Add(absl::Time due, Tell tell);

  static constexpr size_t kMost = 1024;

 private:
  void Run();
  // Waits until there is something to tell; none when it ends.
  Tell Next();

  absl::Mutex mutex_;
  std::multimap<absl::Time, Tell> waiting_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
