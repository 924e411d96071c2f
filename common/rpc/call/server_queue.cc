#include "common/rpc/call/server_queue.h"

#include <grpc/support/time.h>

#include "absl/time/clock.h"
#include "common/rpc/call/longest_event.h"

namespace usher::rpc {
namespace {

constexpr absl::Duration kBetweenTicks = absl::Seconds(1);

thread_local bool polls = false;

}  // namespace

void ServerQueue::Poll() {
  polls = true;
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
#ifdef USHER_THREAD_SANITIZER
    handed_over_.load();
#endif
    const PollerEvent event;
    static_cast<Tag*>(tag)->Proceed(ok);
  }
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

ServerQueue::Place ServerQueue::AddUnsent(absl::Time deadline, Unsent& unsent) {
  const absl::MutexLock lock(&mutex_);
  return unsent_.insert(unsent_.end(), {deadline, &unsent});
}

void ServerQueue::RemoveUnsent(Place place) {
  const absl::MutexLock lock(&mutex_);
  unsent_.erase(place);
}

void ServerQueue::StartTicking() {
  const absl::MutexLock lock(&mutex_);
  ticking_ = true;
  SetTick();
}

void ServerQueue::SetTick() {
  tick_alarm_.Set(queue_.get(), absl::ToChronoTime(absl::Now() + kBetweenTicks), &tick_tag_);
}

// Under the lock, so that none of them can go away meanwhile.
void ServerQueue::Tick(bool ok) {
  const absl::Time now = absl::Now();
  const absl::MutexLock lock(&mutex_);
  for (const auto& [deadline, unsent] : unsent_) {
    if (now >= deadline) unsent->GiveUp();
  }
  if (!ok || ending_) {
    ticking_ = false;
  } else {
    SetTick();
  }
}

void ServerQueue::EndTicking() {
  const absl::MutexLock lock(&mutex_);
  ending_ = true;
  if (!ticking_) return;
  tick_alarm_.Cancel();
  const auto ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !ticking_; };
  mutex_.Await(absl::Condition(&ended));
}

void ServerQueue::AwaitCalls() {
  while (calls_.load() > 0) absl::SleepFor(absl::Milliseconds(1));
  EndTicking();
}

}  // namespace usher::rpc
