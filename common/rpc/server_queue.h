// The completion queue of a server, the calls that still have to answer on it, and the way of their
// answers to the polling thread.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/tag.h"

namespace usher::rpc {

// An answer that is ready to be sent.
class PendingAnswer {
 public:
  virtual ~PendingAnswer() = default;
  // Called once, by the polling thread.
  virtual void Send() = 0;
};

// Thread-safe. A queue must not be shut down while a body runs: its answer would have nowhere to
// go, and gRPC ends the process over that.
class ServerQueue {
 public:
  explicit ServerQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue)
      : queue_(std::move(queue)) {}

  grpc::ServerCompletionQueue* get() const { return queue_.get(); }

  // Handles events until the queue is shut down: what a polling thread does.
  void Poll();
  // Whether the calling thread is in Poll of any queue.
  static bool IsPolledByThisThread();

  // Has a polling thread send the answer, together with all others that are ready by then: one
  // write and one wake-up for many. (A worker that sends by itself takes gRPC's locks from the
  // polling thread, writes for each call, and wakes the polling thread all the same.)
  void SendSoon(PendingAnswer& answer);

  void CallBegins() { ++running_; }
  void CallEnds() { --running_; }

  // Returns when every call that began has ended. Only where no new ones can begin.
  void AwaitCalls() const;

 private:
  // The event that says that there are answers.
  class AnswersTag final : public Tag {
   public:
    explicit AnswersTag(ServerQueue& queue) : queue_(queue) {}
    void Proceed(bool /*ok*/) override { queue_.SendAnswers(); }

   private:
    ServerQueue& queue_;
  };

  void SendAnswers();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::atomic<int> running_{0};
  AnswersTag answers_tag_{*this};
  absl::Mutex mutex_;
  std::vector<PendingAnswer*> answers_ ABSL_GUARDED_BY(mutex_);
  // Set by whoever brings the first answer; set again only after that one was taken.
  grpc::Alarm answers_alarm_;
};

}  // namespace usher::rpc
