// One unary call on a completion queue, from waiting for it to having answered it.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "common/rpc/service.h"

namespace usher::rpc {

template <class Request, class Reply>
class UnaryCall;

// &AsyncService::RequestCreate: how generated code asks for the next call of a method. Mixin is the
// base of AsyncService that has this one method.
template <class Mixin, class Request, class Reply>
using RequestMethod = void (Mixin::*)(grpc::ServerContext*, Request*,
                                      grpc::ServerAsyncResponseWriter<Reply>*,
                                      grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*);

inline constexpr size_t kLargestReplyOfPoller = 16 * 1024;  // bytes

// What the calls of one method share; lives as long as the service.
template <class Request, class Reply>
struct UnaryMethod {
  std::function<void(grpc::ServerContext*, Request*, grpc::ServerAsyncResponseWriter<Reply>*,
                     grpc::ServerCompletionQueue*, void* tag)>
      wait_for_next;
  // Called on the polling thread; answers by Finish, there or from another thread.
  std::function<void(UnaryCall<Request, Reply>&)> handle;
  // Costs a second event for each call; for methods that should stop when the client goes away.
  bool watch_for_cancellation = false;
};

template <class Request, class Reply>
class UnaryCall final : public Tag, private PendingAnswer {
 public:
  static void WaitForNext(const UnaryMethod<Request, Reply>& method, ServerQueue& queue) {
    auto* call = new UnaryCall(method, queue);  // deletes itself: see Proceed and EventDone
    method.wait_for_next(&call->context_, &call->request_, &call->writer_, queue.get(), call);
  }

  grpc::ServerContext& context() { return context_; }
  Request& request() { return request_; }
  Reply& reply() { return reply_; }
  std::shared_ptr<const std::atomic<bool>> cancelled() const { return cancelled_; }

  // Once, from any thread; the call must not be touched afterwards.
  void Finish(const grpc::Status& status) {
    status_ = status;
    if (ServerQueue::IsPolledByThisThread() || IsLarge()) {
      Send();
    } else {
      queue_.SendSoon(*this);
    }
  }

 private:
  // The event of AsyncNotifyWhenDone.
  class DoneTag final : public Tag {
   public:
    explicit DoneTag(UnaryCall& call) : call_(call) {}
    void Proceed(bool) override {
      if (call_.context_.IsCancelled()) call_.cancelled_->store(true);
      call_.EventDone();
    }

   private:
    UnaryCall& call_;
  };

  UnaryCall(const UnaryMethod<Request, Reply>& method, ServerQueue& queue)
      : method_(method), queue_(queue), writer_(&context_), done_tag_(*this) {
    if (method_.watch_for_cancellation) {
      cancelled_ = std::make_shared<std::atomic<bool>>(false);
      context_.AsyncNotifyWhenDone(&done_tag_);
      ++events_to_come_;
    }
  }

  void Proceed(bool ok) override {
    if (arrived_) {
      EventDone();
      return;
    }
    if (!ok) {  // the server is going down; nothing else will come, the done event included
      delete this;
      return;
    }
    arrived_ = true;
    queue_.CallBegins();
    WaitForNext(method_, queue_);
    method_.handle(*this);
  }

  // Large replies are serialized by who made them: the polling thread has others to serve.
  bool IsLarge() const { return status_.ok() && reply_.ByteSizeLong() > kLargestReplyOfPoller; }

  void Send() override {
    ServerQueue& queue = queue_;  // a poller may delete this call before Finish returns
    if (status_.ok()) {
      writer_.Finish(reply_, status_, this);
    } else {
      writer_.FinishWithError(status_, this);
    }
    queue.CallEnds();
  }

  void EventDone() {
    if (--events_to_come_ == 0) delete this;
  }

  const UnaryMethod<Request, Reply>& method_;
  ServerQueue& queue_;
  grpc::ServerContext context_;
  Request request_;
  Reply reply_;
  grpc::Status status_;
  grpc::ServerAsyncResponseWriter<Reply> writer_;
  DoneTag done_tag_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  bool arrived_ = false;
  std::atomic<int> events_to_come_{1};  // the one of Finish
};

}  // namespace usher::rpc
