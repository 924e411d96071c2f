// How many changes may be under way at the database at a time, so that changes that are not
// confirmed (a COMMIT waits for a standby that is away) hold neither all connections nor all
// threads: what only reads goes on. docs/adr/0030-changes-have-places.md
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"

namespace usher::db {

// Thread-safe.
class ChangePlaces {
 public:
  // One of them, for as long as it lives.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class ChangePlaces;
    explicit Place(ChangePlaces* places) : places_(places) {}
    ChangePlaces* places_;
  };

  // A place where fewer than `most` are taken. Who finds none waits for two seconds at most, but
  // only while others come out now and then, and not beside too many who wait already, unless the
  // call is one that nothing may break off (`cancelled` is null). Overloaded; OutOfTime at the
  // deadline.
  absl::StatusOr<Place> Take(const CallContext& call, size_t most) ABSL_LOCKS_EXCLUDED(mutex_);

  size_t taken() const ABSL_LOCKS_EXCLUDED(mutex_);

  // When nobody has come out for so long nobody waits, until somebody does.
  static constexpr absl::Duration kPatience = absl::Seconds(1);
  static constexpr size_t kMostWaiting = 16;

 private:
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t left_ ABSL_GUARDED_BY(mutex_) = 0;  // how many came out so far
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
};

// Of this process, which has one database.
ChangePlaces& TheChangePlaces();

// Of a pool of that many connections: two are kept for what only reads, where there are enough.
size_t MostChanges(size_t connections);

}  // namespace usher::db
