#include "common/rpc/lane/work_queue.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

// Of what there is room for, a line may have so many times as much as is left.
constexpr size_t kGreed = 3;
// So many late ones at most are dropped at a time, so that several threads share them.
constexpr size_t kMostDropped = 64;

void RunInOrder(const std::vector<std::function<void()>>& jobs) {
  for (const auto& job : jobs) job();
}

size_t LeftOf(size_t all, size_t used) { return all > used ? all - used : 0; }

size_t OfStrangers(size_t capacity) { return capacity - capacity / 4; }

}  // namespace

WorkQueue::WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style)
    : name_(std::move(name)),
      style_(std::move(style)),
      threads_count_(threads),
      capacity_(capacity) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkQueue::~WorkQueue() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkQueue::TryAdd(absl::string_view key, absl::Time deadline, Job job, Standing standing) {
  const absl::MutexLock lock(&mutex_);
  Crowd& crowd = crowds_[static_cast<size_t>(standing)];
  const auto line = crowd.by_key.find(key);
  const size_t own = line == crowd.by_key.end() ? 0 : line->second->entries.size();
  if (ending_ || own >= kGreed * RoomFor(standing)) {
    ++refused_;
    return false;
  }
  Entries& entries =
      line == crowd.by_key.end() ? LineOf(crowd, key).entries : line->second->entries;
  if (spare_entries_.empty()) {
    entries.push_back({deadline, std::move(job)});
  } else {
    entries.splice(entries.end(), spare_entries_, spare_entries_.begin());
    entries.back().deadline = deadline;
    entries.back().job = std::move(job);
  }
  ++crowd.waiting;
  return true;
}

void WorkQueue::SetCapacity(size_t capacity) {
  const absl::MutexLock lock(&mutex_);
  capacity_ = capacity;
}

size_t WorkQueue::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return Waiting();
}

uint64_t WorkQueue::refused() const {
  const absl::MutexLock lock(&mutex_);
  return refused_;
}

size_t WorkQueue::RoomFor(Standing standing) const {
  const size_t room = LeftOf(capacity_, Waiting());
  if (standing == Standing::kKnown) return room;
  const size_t strangers = crowds_[static_cast<size_t>(Standing::kStranger)].waiting;
  return std::min(room, LeftOf(OfStrangers(capacity_), strangers));
}

WorkQueue::Line& WorkQueue::LineOf(Crowd& crowd, absl::string_view key) {
  if (spare_lines_.empty()) {
    crowd.ring.emplace_back();
  } else {
    crowd.ring.splice(crowd.ring.end(), spare_lines_, spare_lines_.begin());
  }
  Line& line = crowd.ring.back();
  line.key.assign(key.data(), key.size());
  crowd.by_key.emplace(line.key, std::prev(crowd.ring.end()));
  return line;
}

void WorkQueue::TakeNext(Entries& to) {
  if (crowds_[next_crowd_].waiting == 0) next_crowd_ = 1 - next_crowd_;
  Crowd& crowd = crowds_[next_crowd_];
  next_crowd_ = 1 - next_crowd_;
  --crowd.waiting;
  Line& line = crowd.ring.front();
  to.splice(to.end(), line.entries, line.entries.begin());
  if (line.entries.empty()) {
    crowd.by_key.erase(line.key);
    spare_lines_.splice(spare_lines_.end(), crowd.ring, crowd.ring.begin());
  } else {
    crowd.ring.splice(crowd.ring.end(), crowd.ring, crowd.ring.begin());
  }
}

void WorkQueue::Take(Taken& taken) {
  const auto has_work = [this]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ending_ || Waiting() > 0; };
  const size_t done = taken.jobs.size();
  const absl::MutexLock lock(&mutex_);
  running_ -= done;
  spare_entries_.splice(spare_entries_.end(), taken.jobs);
  spare_entries_.splice(spare_entries_.end(), taken.late);
  mutex_.Await(absl::Condition(&has_work));
  const absl::Time now = absl::Now();
  // Its share of all that are here: many at once are cheap, but wait for each other.
  const size_t share = (Waiting() + running_ + threads_count_ - 1) / threads_count_;
  const size_t most = std::min(share, style_.at_once);
  while (Waiting() > 0 && taken.jobs.size() < most && taken.late.size() < kMostDropped) {
    TakeNext(taken.jobs);
    if (taken.jobs.back().deadline > now) continue;
    taken.late.splice(taken.late.end(), taken.jobs, std::prev(taken.jobs.end()));
  }
  running_ += taken.jobs.size();
}

void WorkQueue::Work() {
  if (style_.begin_thread) style_.begin_thread();
  const WorkStyle::Runner run = style_.make_runner ? style_.make_runner() : RunInOrder;
  Taken taken;
  for (Take(taken); !taken.empty(); Take(taken)) {
    for (Entry& entry : taken.late) {
      entry.job(OutOfTime("while it waited for its turn"));
      entry.job = nullptr;
    }
    if (taken.jobs.empty()) continue;
    std::vector<std::function<void()>> jobs;
    jobs.reserve(taken.jobs.size());
    for (Entry& entry : taken.jobs) {
      jobs.emplace_back([&entry] { entry.job(absl::OkStatus()); });
    }
    run(std::move(jobs));
    // What the jobs hold belongs to their calls, which are over.
    for (Entry& entry : taken.jobs) entry.job = nullptr;
  }
}

}  // namespace usher::rpc
