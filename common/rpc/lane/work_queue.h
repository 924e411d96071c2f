// Threads that take jobs from one bounded queue, in which callers take turns.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/seldom.h"
#include "common/rpc/lane/standing.h"

namespace usher::rpc {

// How the threads of a queue work.
struct WorkStyle {
  // Runs jobs to their end, one after the other or interleaved.
  using Runner = std::function<void(std::vector<std::function<void()>>)>;

  // Jobs that a thread takes at once, if that is not more than its share of those that are here.
  size_t at_once = 1;
  std::function<Runner()> make_runner;  // called on each thread; none: one after the other
  std::function<void()> begin_thread;   // called on each thread, before all else
};

// Each key has a line of its own. The lines take turns, so that nobody waits for all that somebody
// else wants; and so do known callers and strangers as a whole, whichever of them are more.
//
// A line may grow while it is shorter than three times the room that is left (Choudhury and Hahne,
// "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches", IEEE/ACM Transactions on
// Networking 6(2), 1998): one that is alone fills three quarters of the queue, several leave
// each other equal parts, and always some room for one more. To strangers no more than three
// quarters of the queue are there at all.
//
// The first thread begins with the first job. Whichever was the last free one begins as many more
// as there is work for, at least one, before it works: that costs a moment of one call, and none of
// whoever adds. Threads that nothing ever needed keep no stacks and no pieces of the heap.
//
// Thread-safe.
class WorkQueue {
 public:
  // Called exactly once: with OK to do its work, or with the reason why there is no time for it.
  using Job = std::function<void(absl::Status)>;

  WorkQueue(std::string name, size_t threads, size_t capacity, WorkStyle style = {});
  ~WorkQueue();  // does what is queued, then ends the threads

  // `key`: who wants it done (a company, an address); up to 15 bytes cost no allocation. False when
  // there is no room for more of that caller's; the job is not called then. What is past its
  // deadline when its turn comes is told so, and the turn is the next one's.
  bool TryAdd(absl::string_view key, absl::Time deadline, Job job,
              Standing standing = Standing::kKnown);
  // Where there is one caller only.
  bool TryAdd(absl::Time deadline, Job job) { return TryAdd("", deadline, std::move(job)); }

  // What waits already stays, also where it is more.
  void SetCapacity(size_t capacity);

  size_t waiting() const;
  uint64_t refused() const;  // so far
  size_t threads() const;    // that have begun
  const std::string& name() const { return name_; }

 private:
  struct Entry {
    absl::Time deadline;
    Job job;
  };
  using Entries = std::list<Entry>;
  struct Line {
    std::string key;
    Entries entries;  // never empty in a ring
  };
  using Lines = std::list<Line>;
  // The callers of one standing.
  struct Crowd {
    Lines ring;  // the first has the next turn
    absl::flat_hash_map<absl::string_view, Lines::iterator> by_key;
    size_t waiting = 0;
  };
  // Of threads; none by default.
  struct Numbers {
    size_t first = 0;
    size_t end = 0;
  };
  // What a thread takes at a time.
  struct Taken {
    Entries jobs;
    Entries late;
    Numbers to_begin;  // where no thread is free any more
    bool empty() const { return jobs.empty() && late.empty(); }
  };

  void Work();
  void Begin(size_t number);
  void Begin(const Numbers& numbers);
  // That the system refuses a thread: maybe with every job, as long as it does.
  void Complain(absl::string_view what, const std::exception& why);
  // Waits for some; none when the queue ends. `taken`: what this thread took before, and is done.
  void Take(Taken& taken);
  // How many more a caller without any may have.
  size_t RoomFor(Standing standing) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Line& LineOf(Crowd& crowd, absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Moves the entry whose turn it is to the end of `to`.
  void TakeNext(Entries& to) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t Waiting() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return crowds_[0].waiting + crowds_[1].waiting;
  }

  const std::string name_;
  const WorkStyle style_;
  mutable absl::Mutex mutex_;
  size_t capacity_ ABSL_GUARDED_BY(mutex_);
  std::array<Crowd, 2> crowds_ ABSL_GUARDED_BY(mutex_);  // by Standing
  size_t next_crowd_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  Seldom complains_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  // Nodes to use again: the hot path allocates none.
  Entries spare_entries_ ABSL_GUARDED_BY(mutex_);
  Lines spare_lines_ ABSL_GUARDED_BY(mutex_);
  // As many as there may ever be, in the order in which they begin.
  std::vector<std::thread> threads_;
  size_t begun_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t busy_ ABSL_GUARDED_BY(mutex_) = 0;  // threads that have taken something
};

}  // namespace usher::rpc
