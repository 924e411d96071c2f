// How fast passwords are hashed beside everything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/others_share.h"

namespace usher::auth {

// Says after each hash how long its thread is to rest (background.h), and how many calls may wait
// (ADR 22). Others' part of the cores counts as far as it is not spent on telling callers that too
// many wait: else resting would make more such answers, and these more rest. Thread-safe.
class HashingPace {
 public:
  // Of a server, so far.
  struct Calls {
    uint64_t served = 0;   // that took no hash
    uint64_t refused = 0;  // since too many wait for one
  };
  struct Options {
    size_t threads = 1;
    size_t calls = 4;  // that may be at it while others wait
    size_t queue = 256;
    // Told how many may wait besides those, so that all are hashed within a second, as the last
    // ones went; at least 2, at most `queue`. At the first hash, and whenever that has changed.
    // Called by one thread at a time.
    std::function<void(size_t)> room_changed;
    std::function<Calls()> answered;  // none: everybody was served
  };

  explicit HashingPace(Options options, OthersShare::Look look = ReadCoreTime,
                       const Clock& clock = BootClock::Get());

  // What a hashing thread begins with: it stands behind all others.
  void Join();

  // After a hash: how long it took, and computed. Returns how long to rest now.
  absl::Duration Count(absl::Duration took, absl::Duration computed);

 private:
  // From 0 to 1: others' part of the cores, without what refusals take of it.
  double SpentOnOthers() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  OthersShare others_;
  absl::Mutex mutex_;
  // Of a hash.
  absl::Duration usual_time_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  absl::Duration usually_computed_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  size_t room_ ABSL_GUARDED_BY(mutex_) = 0;  // that was told
  double spent_on_others_ ABSL_GUARDED_BY(mutex_) = 0;
  Calls counted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth
