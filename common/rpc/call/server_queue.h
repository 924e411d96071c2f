// The completion queue of a server, the calls that live on it, and the way of their answers to the
// polling thread.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/call/tag.h"

namespace usher::rpc {

// Something that is ready to be sent.
class PendingAnswer {
 public:
  virtual ~PendingAnswer() = default;
  // Called once for each SendSoon, by a polling thread.
  virtual void Send() = 0;
};

// An answer that is on its way to a client, who may not be reading.
class Unsent {
 public:
  virtual ~Unsent() = default;
  virtual void GiveUp() = 0;  // quick; may come once or more
};

// Thread-safe.
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

  // From its first request to gRPC until it is deleted, every call and stream counts: only when
  // none is left can nobody want to send any more, and the queue may be shut down. (gRPC ends the
  // process over an operation on a queue that was.)
  void CallBegins() { ++calls_; }
  void CallEnds() { --calls_; }

  // Returns when all have ended. After the server was shut down, which gives back those that still
  // wait for a client.
  void AwaitCalls();

  // To be called before each operation on the queue: gRPC hands what was written before it over to
  // whoever gets its event, which ThreadSanitizer does not see, as Debian's gRPC is built without.
  void HandsOver() {
#ifdef USHER_THREAD_SANITIZER
    handed_over_.fetch_add(1);
#endif
  }

  // An answer that is still here at `deadline`, since its client does not read, is given up within
  // a second of it. Removed by the place that adding it answered.
  using Place = std::list<std::pair<absl::Time, Unsent*>>::iterator;
  Place AddUnsent(absl::Time deadline, Unsent& unsent);
  void RemoveUnsent(Place place);

  // Begins to look for unsent answers once a second. Before Poll.
  void StartTicking();

 private:
  // The event that says that there are answers.
  class AnswersTag final : public Tag {
   public:
    explicit AnswersTag(ServerQueue& queue) : queue_(queue) {}
    void Proceed(bool /*ok*/) override { queue_.SendAnswers(); }

   private:
    ServerQueue& queue_;
  };
  // The event of each second.
  class TickTag final : public Tag {
   public:
    explicit TickTag(ServerQueue& queue) : queue_(queue) {}
    void Proceed(bool ok) override { queue_.Tick(ok); }

   private:
    ServerQueue& queue_;
  };

  void SendAnswers();
  void Tick(bool ok);
  void SetTick();
  void EndTicking();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::atomic<int> calls_{0};
#ifdef USHER_THREAD_SANITIZER
  std::atomic<uint64_t> handed_over_{0};
#endif
  AnswersTag answers_tag_{*this};
  TickTag tick_tag_{*this};
  absl::Mutex mutex_;
  std::vector<PendingAnswer*> answers_ ABSL_GUARDED_BY(mutex_);
  std::list<std::pair<absl::Time, Unsent*>> unsent_ ABSL_GUARDED_BY(mutex_);
  bool ticking_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  // Set by whoever brings the first answer; set again only after that one was taken.
  grpc::Alarm answers_alarm_;
  grpc::Alarm tick_alarm_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
