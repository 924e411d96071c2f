// One unary call on a completion queue, from waiting for it to having answered it.
#pragma once

#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <functional>
#include <memory>

#include "common/rpc/call/grpc_incoming.h"
#include "common/rpc/call/raw_service.h"
#include "common/rpc/call/server_queue.h"

namespace usher::rpc {

class RawCall;

// What the calls of one method share; lives as long as the service.
struct RawMethod {
  RawService* service = nullptr;
  int method = 0;  // as RawService::AddUnary numbered it
  // Called by a polling thread; the call is answered there or by another thread.
  std::function<void(RawCall&)> handle;
  // Costs a second event for each call; for methods that should stop when the client goes away.
  bool watch_for_cancellation = false;
};

class RawCall final : public Tag, public GrpcIncoming, private PendingAnswer, private Unsent {
 public:
  // Calls of one method that gRPC can hand over before the next one was asked for: what a client
  // has cancelled by then is not kept in a line of its own inside gRPC.
  static constexpr int kWaiting = 4;

  // Begins to wait for a call; the object deletes itself when the call is over.
  static void WaitForNext(const RawMethod& method, ServerQueue& queue);
  ~RawCall() override;

  std::shared_ptr<const std::atomic<bool>> Cancelled() const override { return cancelled_; }
  void Answer(const Outcome& outcome, const google::protobuf::Message& reply, absl::Time until,
              std::shared_ptr<void> kept) override;

  // Replies beyond this leave from the thread that made them: the polling thread has others to
  // serve than the one whose reply takes long to write. In bytes.
  static constexpr size_t kLargestReplyOfPoller = 16 * 1024;

 private:
  // The event of AsyncNotifyWhenDone.
  class DoneTag final : public Tag {
   public:
    explicit DoneTag(RawCall& call) : call_(call) {}
    void Proceed(bool) override {
      if (call_.context_.IsCancelled()) call_.cancelled_->store(true);
      call_.EventDone();
    }

   private:
    RawCall& call_;
  };

  RawCall(const RawMethod& method, ServerQueue& queue);

  void Proceed(bool ok) override;
  void Send() override;
  void GiveUp() override { context_.TryCancel(); }
  void EventDone() {
    if (--events_to_come_ == 0) delete this;
  }

  const RawMethod& method_;
  ServerQueue& queue_;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
  std::shared_ptr<void> kept_;
  ServerQueue::Place unsent_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer_;
  DoneTag done_tag_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  absl::Time until_;
  bool arrived_ = false;
  std::atomic<int> events_to_come_{1};  // the one of Finish
};

}  // namespace usher::rpc
