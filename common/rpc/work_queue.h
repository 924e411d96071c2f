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

// How the threads of a queue work.
struct WorkStyle {
  // Runs jobs to their end, one after the other or interleaved.
  using Runner = std::function<void(std::vector<std::function<void()>>)>;

  // Jobs that a thread takes at once, if that is not more than its share of those that are here.
  size_t at_once = 1;
  std::function<Runner()> make_runner;  // called on each thread; none: one after the other
  // For what takes a core for long: the threads run where nobody else wants a core (background.h).
  // So that the queue gets on where everybody always does, one more thread, which stands behind the
  // others but is no such thread, takes what has waited for longer than `patience`.
  bool in_background = false;
  absl::Duration patience = absl::Seconds(3);
};

// Thread-safe.
class WorkQueue {
 public:
  // Called exactly once: with OK to do its work, or with the reason why there is no time for it.
  using Job = std::function<void(absl::Status)>;

  WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style = {});
  ~WorkQueue();  // does what is queued, then ends the threads

  // False when the queue is full; the job is not called then.
  bool TryAdd(absl::Time deadline, Job job);
  bool TryAdd(const std::string&, absl::Time deadline, Job job) {
    return TryAdd(deadline, std::move(job));
  }

  size_t waiting() const;
  const std::string& name() const { return name_; }

 private:
  struct Entry {
    absl::Time added;
    absl::Time deadline;
    Job job;
  };
  void Work();
  void WorkOnWhatWaitsLong();
  // Waits for some; none when the queue ends. `done`: how many of those taken before are done.
  std::vector<Entry> Take(size_t done);
  std::vector<Entry> TakeOneThatWaitsLong();
  static void Do(Entry& entry);

  const std::string name_;
  const size_t capacity_;
  const WorkStyle style_;
  const size_t threads_count_;
  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace usher::rpc
