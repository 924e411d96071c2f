#include "common/rpc/call/raw_call.h"

#include <utility>

namespace usher::rpc {

RawCall::RawCall(const RawMethod& method, ServerQueue& queue)
    : method_(method), queue_(queue), writer_(&context_), done_tag_(*this) {
  queue_.CallBegins();
  if (!method_.watch_for_cancellation) return;
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  context_.AsyncNotifyWhenDone(&done_tag_);
  ++events_to_come_;
}

RawCall::~RawCall() { queue_.CallEnds(); }

void RawCall::WaitForNext(const RawMethod& method, ServerQueue& queue) {
  auto* call = new RawCall(method, queue);
  queue.HandsOver();
  method.service->RequestUnary(method.method, &call->context_, &call->request_, &call->writer_,
                               queue.get(), call);
}

void RawCall::Proceed(bool ok) {
  if (arrived_) {
    queue_.RemoveUnsent(unsent_);
    EventDone();
    return;
  }
  if (!ok) {  // the server is going down; nothing else will come, the done event included
    delete this;
    return;
  }
  arrived_ = true;
  WaitForNext(method_, queue_);
  method_.handle(*this);
}

void RawCall::Answer(const Outcome& outcome, const google::protobuf::Message& reply,
                     absl::Time until, std::shared_ptr<void> kept) {
  until_ = until;
  kept_ = std::move(kept);
  status_ = outcome.grpc_status;
  if (status_.ok() && !Serialize(reply, &reply_)) {
    status_ = grpc::Status(grpc::StatusCode::INTERNAL, "the reply cannot be written");
  }
  if (ServerQueue::IsPolledByThisThread() || reply_.Length() > kLargestReplyOfPoller) {
    Send();
  } else {
    queue_.SendSoon(*this);
  }
}

// After Finish, a poller may delete this call before Finish returns.
void RawCall::Send() {
  unsent_ = queue_.AddUnsent(until_, *this);
  queue_.HandsOver();
  if (status_.ok()) {
    writer_.Finish(reply_, status_, this);
  } else {
    writer_.FinishWithError(status_, this);
  }
}

}  // namespace usher::rpc
