#include "common/rpc/work_queue.h"

#include <sys/resource.h>

#include <utility>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::rpc {

WorkQueue::WorkQueue(std::string name, size_t threads, size_t capacity, int niceness)
    : name_(std::move(name)), capacity_(capacity), niceness_(niceness) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkQueue::~WorkQueue() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkQueue::TryAdd(absl::Time deadline, Job job) {
  const absl::MutexLock lock(&mutex_);
  if (entries_.size() >= capacity_ || ending_) return false;
  entries_.push_back({deadline, std::move(job)});
  return true;
}

size_t WorkQueue::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return entries_.size();
}

void WorkQueue::Work() {
  // Of this thread alone (setpriority(2), "C library/kernel differences").
  if (niceness_ != 0) setpriority(PRIO_PROCESS, 0, niceness_);
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return ending_ || !entries_.empty();
  };
  while (true) {
    Entry entry;
    {
      const absl::MutexLock lock(&mutex_, absl::Condition(&has_work));
      if (entries_.empty()) return;
      entry = std::move(entries_.front());
      entries_.pop_front();
    }
    const bool late = absl::Now() >= entry.deadline;
    entry.job(late ? OutOfTime("while it waited for its turn") : absl::OkStatus());
  }
}

}  // namespace usher::rpc
