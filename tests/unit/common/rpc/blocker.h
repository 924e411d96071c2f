// Keeps one thread of a queue busy.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "absl/synchronization/notification.h"
#include "common/rpc/lane/work_queue.h"

namespace usher::rpc {

// Until it is let go. The thread may still be on its way out of the wait when the blocker is gone.
class Blocker {
 public:
  explicit Blocker(WorkQueue& queue) {
    EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [state = state_](absl::Status) {
      state->begun.Notify();
      state->released.WaitForNotification();
    }));
    state_->begun.WaitForNotification();
  }
  void Release() { state_->released.Notify(); }

 private:
  struct State {
    absl::Notification begun;
    absl::Notification released;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace usher::rpc
