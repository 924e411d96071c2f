// A bound on the threads that wait for one outside dependency, so that one that hangs does not take
// all of them.
#pragma once

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace prometheus {
class Counter;
class Gauge;
class Registry;
}  // namespace prometheus

namespace usher::rpc {

struct BulkheadOptions {
  size_t most = 16;  // calls at the same time; half of the slow threads of a server
  // How long a call waits for one of the others to end. An honest burst passes; beside a dependency
  // that hangs this is what it costs until the door is shut.
  absl::Duration patience = absl::Seconds(1);
  // After so many time-outs in a row the door is shut for `pause`: then one call tries it.
  int timeouts = 5;
  absl::Duration pause = absl::Seconds(2);
  // A call that had less time than this says nothing about the dependency when it runs out: else
  // clients with short deadlines could shut the door for all.
  absl::Duration fair_time = absl::Milliseconds(500);
  prometheus::Registry* registry = nullptr;  // for the metrics; null: none
};

// Thread-safe.
class Bulkhead {
 public:
  // `name` is the dependency: "the auth service".
  Bulkhead(std::string name, BulkheadOptions options, const Clock& clock);

  // A place inside, for as long as it lives. Say how it went before it ends; what ends without a
  // word (the call was refused, or never made) counts as neither.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();
    void Answered() { end_ = End::kAnswered; }
    void TimedOut() { end_ = End::kTimedOut; }

   private:
    friend class Bulkhead;
    enum class End { kNeither, kAnswered, kTimedOut };
    Place(Bulkhead& bulkhead, bool probe, absl::Time entered)
        : bulkhead_(&bulkhead), probe_(probe), entered_(entered) {}
    Bulkhead* bulkhead_;
    bool probe_;
    absl::Time entered_;
    End end_ = End::kNeither;
  };

  // Unreachable while the door is shut; Overloaded when no place came free in time. Either way
  // nothing has been asked of the dependency.
  absl::StatusOr<Place> Enter(absl::Time deadline);

  size_t inside() const;

 private:
  bool IsShut(absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status RefuseShut() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteTimeout(bool probe) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(const Place& place);
  void Show() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const BulkheadOptions options_;
  const Clock& clock_;
  prometheus::Gauge* inside_gauge_ = nullptr;
  prometheus::Gauge* shut_gauge_ = nullptr;
  prometheus::Counter* refused_counter_ = nullptr;

  mutable absl::Mutex mutex_;
  size_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
  int timeouts_in_a_row_ ABSL_GUARDED_BY(mutex_) = 0;
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time shut_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool probing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::rpc
