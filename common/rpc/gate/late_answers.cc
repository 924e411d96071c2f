#include "common/rpc/gate/late_answers.h"

#include <system_error>
#include <utility>

#include "absl/time/clock.h"

namespace usher::rpc {

LateAnswers::~LateAnswers() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

bool LateAnswers::Add(absl::Time due, Tell tell) {
  const absl::MutexLock lock(&mutex_);
  if (ending_ || waiting_.size() >= kMost) return false;
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { Run(); });
    } catch (const std::system_error&) {
      return false;
    }
  }
  waiting_.emplace(due, std::move(tell));
  return true;
}

void LateAnswers::Run() {
  for (Tell tell = Next(); tell; tell = Next()) tell();
}

LateAnswers::Tell LateAnswers::Next() {
  const absl::MutexLock lock(&mutex_);
  while (!ending_) {
    const absl::Time due = waiting_.empty() ? absl::InfiniteFuture() : waiting_.begin()->first;
    if (due <= absl::Now()) break;
    const auto sooner = [this, due]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return ending_ || (!waiting_.empty() && waiting_.begin()->first < due);
    };
    mutex_.AwaitWithDeadline(absl::Condition(&sooner), due);
  }
  if (waiting_.empty()) return nullptr;
  return std::move(waiting_.extract(waiting_.begin()).mapped());
}

}  // namespace usher::rpc
