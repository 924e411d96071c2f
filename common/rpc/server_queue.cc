#include "common/rpc/server_queue.h"

#include <grpc/support/time.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher::rpc {
namespace {

thread_local bool polls = false;

}  // namespace

void ServerQueue::Poll() {
  polls = true;
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<Tag*>(tag)->Proceed(ok);
  polls = false;
}

bool ServerQueue::IsPolledByThisThread() { return polls; }

void ServerQueue::SendSoon(PendingAnswer& answer) {
  {
    const absl::MutexLock lock(&mutex_);
    answers_.push_back(&answer);
    if (answers_.size() > 1) return;
  }
  // An alarm in the past is an event at once.
  answers_alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), &answers_tag_);
}

void ServerQueue::SendAnswers() {
  std::vector<PendingAnswer*> ready;
  {
    const absl::MutexLock lock(&mutex_);
    ready.swap(answers_);
  }
  for (PendingAnswer* answer : ready) answer->Send();
}

void ServerQueue::AwaitCalls() const {
  while (running_.load() > 0) absl::SleepFor(absl::Milliseconds(1));
}

}  // namespace usher::rpc
