// Threads that take jobs from one bounded queue.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace usher::rpc {

// Thread-safe.
class WorkQueue {
 public:
  // Called exactly once: with OK to do its work, or with the reason why there is no time for it.
  using Job = std::function<void(absl::Status)>;

  // `niceness`: how far behind other threads its own stand where there is too much to do, 0 to 19.
  WorkQueue(std::string name, size_t threads, size_t capacity, int niceness = 0);
  ~WorkQueue();  // does what is queued, then ends the threads

  // False when the queue is full; the job is not called then.
  bool TryAdd(absl::Time deadline, Job job);

  size_t waiting() const;
  const std::string& name() const { return name_; }

 private:
  struct Entry {
    absl::Time deadline;
    Job job;
  };
  void Work();

  const std::string name_;
  const size_t capacity_;
  const int niceness_;
  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace usher::rpc
