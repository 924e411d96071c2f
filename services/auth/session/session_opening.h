// Opening sessions, within the bounds of how many a method may have at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// Live sessions of one method (docs/contract.md, "Identity").
struct SessionBounds {
  size_t most = 1000;          // the oldest ends
  size_t most_shared = 10000;  // of a shareable guest access, which admits nobody then
};

// Thread-safe. Counts by itself what it opens, and asks the database how many there are when it has
// not seen a method yet, at the bound, and after each eighth of it: what other processes open comes
// on top until then. Where one method signs in again and again, its oldest sessions are ended once
// a second, or when they are a sixteenth too many: that takes a transaction, and the feed's lock.
class SessionOpening {
 public:
  // Sessions last for `life`, or as long as their method.
  SessionOpening(SessionStore& sessions, const Clock& clock, SessionBounds bounds,
                 absl::Duration life)
      : sessions_(sessions), clock_(clock), bounds_(bounds), life_(life) {}

  // Nothing when the method has changed since it was `verified`. A guest access that is not
  // shareable has one session at a time. `longest`: where it is to last less than others.
  // SessionsExhausted, and what the store answers.
  absl::StatusOr<std::optional<Opened>> Open(const CallContext& call, const Session& session,
                                             const Method& verified,
                                             absl::Duration longest = absl::InfiniteDuration());

  // What has been ended because `session`, which was opened past this, is one too many of its
  // method: nothing where that did not work, since whoever is signed in stays so.
  Ended KeepBound(const CallContext& call, const Session& session);

 private:
  // What is known of a method.
  struct Known {
    size_t sessions = 0;  // about as many are open
    size_t since = 0;     // opened since they were counted
    bool ending = false;  // somebody is ending the oldest
    absl::Time ended_at = absl::InfinitePast();
  };

  absl::Status RequireRoom(const CallContext& call, const Session& session);
  // What has been ended so that the new session stays within the bound.
  absl::StatusOr<Ended> EndOldest(const CallContext& call, const Session& session);

  // False where the method has not been seen yet, or the database is to be asked again.
  bool IsKnown(const std::string& key, size_t most) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Count(const CallContext& call, const Session& session, const std::string& key,
                     size_t most) ABSL_LOCKS_EXCLUDED(mutex_);
  void Add(const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_);
  // Add, where there is room under the bound of shareable accesses.
  bool Take(const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_);
  // True when there are too many, and nobody is ending the oldest or has just done so: EndsNoMore
  // has to follow.
  bool BeginsToEnd(const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_);
  void EndsNoMore(const std::string& key, size_t ended) ABSL_LOCKS_EXCLUDED(mutex_);

  SessionStore& sessions_;
  const Clock& clock_;
  const SessionBounds bounds_;
  const absl::Duration life_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);  // by AssociatedData
};

}  // namespace usher::auth
