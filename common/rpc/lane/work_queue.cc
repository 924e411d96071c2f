#include "common/rpc/lane/work_queue.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/log.h"
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

}  // namespace

WorkQueue::WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style)
    : name_(std::move(name)), style_(std::move(style)), capacity_(capacity), threads_(threads) {}

// Also of those that others begin meanwhile: what is queued may wait for each other. Each was begun
// by one of a smaller number, which has ended before the one is looked at.
WorkQueue::~WorkQueue() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (size_t next = 0; next < threads(); ++next) threads_[next].join();
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
  if (begun_ == 0 && !threads_.empty()) {
    try {
      Begin(0);
    } catch (const std::system_error& error) {
      Complain("no thread", error);
      ++refused_;
      return false;
    }
    begun_ = 1;
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

size_t WorkQueue::threads() const {
  const absl::MutexLock lock(&mutex_);
  return begun_;
}

size_t WorkQueue::RoomFor(Standing standing) const {
  const size_t room = LeftOf(capacity_, Waiting());
  if (standing == Standing::kKnown) return room;
  const size_t strangers = crowds_[static_cast<size_t>(Standing::kStranger)].waiting;
  return std::min(room, LeftOf(RoomOfStrangers(capacity_), strangers));
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
  if (!taken.empty()) --busy_;
  taken.to_begin = {};
  spare_entries_.splice(spare_entries_.end(), taken.jobs);
  spare_entries_.splice(spare_entries_.end(), taken.late);
  mutex_.Await(absl::Condition(&has_work));
  const absl::Time now = absl::Now();
  // Its share of all that are here: many at once are cheap, but wait for each other.
  const size_t share = (Waiting() + running_ + threads_.size() - 1) / threads_.size();
  const size_t most = std::min(share, style_.at_once);
  while (Waiting() > 0 && taken.jobs.size() < most && taken.late.size() < kMostDropped) {
    TakeNext(taken.jobs);
    if (taken.jobs.back().deadline > now) continue;
    taken.late.splice(taken.late.end(), taken.jobs, std::prev(taken.jobs.end()));
  }
  running_ += taken.jobs.size();
  if (taken.empty()) return;
  ++busy_;
  if (busy_ < begun_ || begun_ == threads_.size()) return;
  // They count as free from now on, so that nobody else begins them.
  const size_t more = std::clamp<size_t>(Waiting(), 1, threads_.size() - begun_);
  taken.to_begin = {.first = begun_, .end = begun_ + more};
  begun_ += more;
}

void WorkQueue::Begin(size_t number) {
  threads_[number] = std::thread([this] { Work(); });
}

void WorkQueue::Begin(const Numbers& numbers) {
  for (size_t number = numbers.first; number < numbers.end; ++number) {
    try {
      Begin(number);
    } catch (const std::system_error& error) {
      // The system has no more; those that there are go on.
      Complain("no further thread", error);
      const absl::MutexLock lock(&mutex_);
      begun_ = number;  // nobody has begun others: these were free
      return;
    }
  }
}

void WorkQueue::Complain(absl::string_view what, const std::exception& why) {
  if (complains_.IsDue()) log::Warning(what, {{"queue", name_}, {"error", why.what()}});
}

void WorkQueue::Work() {
  if (style_.begin_thread) style_.begin_thread();
  const WorkStyle::Runner run = style_.make_runner ? style_.make_runner() : RunInOrder;
  Taken taken;
  for (Take(taken); !taken.empty(); Take(taken)) {
    Begin(taken.to_begin);
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
