// Deletes what nobody needs any more: a thread that wakes once a minute.
#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/db/pool.h"
#include "services/auth/method_store.h"
#include "services/auth/session_store.h"

namespace usher::auth {

// Any number of replicas may do it at once. A round that fails is made up for by the next one.
class Housekeeping {
 public:
  Housekeeping(SessionStore& sessions, MethodStore& methods, db::Pool& pool, const Clock& clock);
  ~Housekeeping();

  void Start();

  // One round: expired sessions, revocations that no token can meet, old idempotency keys.
  absl::Status CleanUp();

 private:
  void Run();

  SessionStore& sessions_;
  MethodStore& methods_;
  db::Pool& pool_;
  const Clock& clock_;
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::auth
