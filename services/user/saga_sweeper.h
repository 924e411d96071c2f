// A thread that settles the creations and removals that a crash or an outage left behind.
#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/user/user_sagas.h"

namespace usher::user {

// Any number of replicas may sweep at the same time. Ends in its destructor, which waits for the
// saga at hand.
class SagaSweeper {
 public:
  explicit SagaSweeper(UserSagas& sagas) : sagas_(sagas) {}
  ~SagaSweeper();

  void Start();

 private:
  void Run();
  // Until nothing is left, or something fails.
  void Sweep();
  bool IsEnding();

  UserSagas& sagas_;
  bool failing_ = false;  // of the thread alone
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::user
