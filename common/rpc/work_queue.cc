#include "common/rpc/work_queue.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/background.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

void RunInOrder(const std::vector<std::function<void()>>& jobs) {
  for (const auto& job : jobs) job();
}

}  // namespace

WorkQueue::WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style)
    : name_(std::move(name)),
      capacity_(capacity),
      style_(std::move(style)),
      threads_count_(threads) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] {
      if (style_.in_background) GoToBackground();
      Work();
    });
  }
  if (!style_.in_background) return;
  threads_.emplace_back([this] {
    StandBehind();
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

std::vector<WorkQueue::Entry> WorkQueue::Take(size_t done) {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return ending_ || !entries_.empty();
  };
  const absl::MutexLock lock(&mutex_);
  running_ -= done;
  mutex_.Await(absl::Condition(&has_work));
  // Its share of all that are here: many at once are cheap, but wait for each other.
  const size_t share = (entries_.size() + running_ + threads_count_ - 1) / threads_count_;
  const auto end = entries_.begin() +
                   static_cast<std::ptrdiff_t>(std::min({share, style_.at_once, entries_.size()}));
  std::vector<Entry> taken(std::make_move_iterator(entries_.begin()), std::make_move_iterator(end));
  entries_.erase(entries_.begin(), end);
  running_ += taken.size();
  return taken;
}

void WorkQueue::Do(Entry& entry) {
  const bool late = absl::Now() >= entry.deadline;
  entry.job(late ? OutOfTime("while it waited for its turn") : absl::OkStatus());
}

void WorkQueue::Work() {
  const WorkStyle::Runner run = style_.make_runner ? style_.make_runner() : RunInOrder;
  for (std::vector<Entry> taken = Take(0); !taken.empty(); taken = Take(taken.size())) {
    std::vector<std::function<void()>> jobs;
    jobs.reserve(taken.size());
    for (Entry& entry : taken) jobs.emplace_back([&entry] { Do(entry); });
    std::optional<OfferingCore> offering;
    if (style_.in_background) offering.emplace();
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
