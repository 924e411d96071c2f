#include "common/rpc/work_queue.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

constexpr int kBehindOthers = 10;

void RunInOrder(const std::vector<std::function<void()>>& jobs) {
  for (const auto& job : jobs) job();
}

// Both are of the calling thread alone (setpriority(2), "C library/kernel differences"; sched(7)).
void StepBack() { setpriority(PRIO_PROCESS, 0, kBehindOthers); }

void StepFarBack() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_IDLE, &none);
}

}  // namespace

WorkQueue::WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style)
    : name_(std::move(name)), capacity_(capacity), style_(std::move(style)) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      if (style_.in_background) StepFarBack();
      Work();
    });
  }
  if (!style_.in_background) return;
  threads_.emplace_back([this] {
    StepBack();
    WorkOnWhatWaitsLong();
  });
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
  entries_.push_back({absl::Now(), deadline, std::move(job)});
  return true;
}

size_t WorkQueue::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return entries_.size();
}

std::vector<WorkQueue::Entry> WorkQueue::Take() {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return ending_ || !entries_.empty();
  };
  const absl::MutexLock lock(&mutex_, absl::Condition(&has_work));
  const auto end =
      entries_.begin() + static_cast<std::ptrdiff_t>(std::min(entries_.size(), style_.at_once));
  std::vector<Entry> taken(std::make_move_iterator(entries_.begin()), std::make_move_iterator(end));
  entries_.erase(entries_.begin(), end);
  return taken;
}

void WorkQueue::Do(Entry& entry) {
  const bool late = absl::Now() >= entry.deadline;
  entry.job(late ? OutOfTime("while it waited for its turn") : absl::OkStatus());
}

void WorkQueue::Work() {
  const WorkStyle::Runner run = style_.make_runner ? style_.make_runner() : RunInOrder;
  for (std::vector<Entry> taken = Take(); !taken.empty(); taken = Take()) {
    std::vector<std::function<void()>> jobs;
    jobs.reserve(taken.size());
    for (Entry& entry : taken) jobs.emplace_back([&entry] { Do(entry); });
    run(std::move(jobs));
  }
}

std::vector<WorkQueue::Entry> WorkQueue::TakeOneThatWaitsLong() {
  const absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&ending_), style_.patience / 10)) {
    if (entries_.empty() || absl::Now() - entries_.front().added < style_.patience) continue;
    std::vector<Entry> taken{std::move(entries_.front())};
    entries_.pop_front();
    return taken;
  }
  return {};
}

void WorkQueue::WorkOnWhatWaitsLong() {
  for (std::vector<Entry> taken = TakeOneThatWaitsLong(); !taken.empty();
       taken = TakeOneThatWaitsLong()) {
    Do(taken.front());
  }
}

}  // namespace usher::rpc
