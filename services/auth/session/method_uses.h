// When methods were used last, as far as an administrator wants to know which API keys are still
// in use: to the minute, and never in the way of a sign-in.
#pragma once

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_context.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// Thread-safe. Remembers what signs in, the last of each method, and writes all of it at once when
// it is told to: housekeeping does, once a minute. What a process has not written when it ends is
// lost.
class MethodUses {
 public:
  explicit MethodUses(SessionStore& sessions) : sessions_(sessions) {}

  // Cheap: no I/O. Beyond kMost methods in a minute further ones are left out.
  static constexpr size_t kMost = 10000;
  void Note(const CompanyId& company, const MethodKey& method, absl::Time at)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // What is left when it fails is tried again the next time, unless the method is used meanwhile.
  absl::Status Write(const CallContext& call) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  SessionStore& sessions_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, MethodUse> uses_ ABSL_GUARDED_BY(mutex_);  // by AssociatedData
};

}  // namespace usher::auth
