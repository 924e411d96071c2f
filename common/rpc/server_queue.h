// The completion queue of a server, and how many calls still have to answer on it.
#pragma once

#include <grpcpp/completion_queue.h>

#include <atomic>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher::rpc {

// Thread-safe. A queue must not be shut down while a body runs: its answer would have nowhere to
// go, and gRPC ends the process over that.
class ServerQueue {
 public:
  explicit ServerQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue)
      : queue_(std::move(queue)) {}

  grpc::ServerCompletionQueue* get() const { return queue_.get(); }

  void CallBegins() { ++running_; }
  void CallEnds() { --running_; }

  // Returns when every call that began has ended. Only where no new ones can begin.
  void AwaitCalls() const {
    while (running_.load() > 0) absl::SleepFor(absl::Milliseconds(1));
  }

 private:
  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::atomic<int> running_{0};
};

}  // namespace usher::rpc
