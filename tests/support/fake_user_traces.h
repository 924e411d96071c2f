// The services that keep something of users, as far as they are told who is gone, in memory.
#pragma once

#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/user/user_traces.h"

namespace usher::user {

// Thread-safe.
class FakeUserTraces final : public UserTraces {
 public:
  // Forgets nobody and fails with this from now on; OK: no longer.
  void FailWith(absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  bool HasForgotten(const UserKey& key) const {
    const absl::MutexLock lock(&mutex_);
    return forgotten_.count(key) > 0;
  }

  absl::Status Forget(const CallContext&, const UserKey& key) override {
    const absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    forgotten_.insert(key);
    return absl::OkStatus();
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::set<UserKey> forgotten_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::user
