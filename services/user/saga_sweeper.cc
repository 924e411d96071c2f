#include "services/user/saga_sweeper.h"

#include "common/base/log.h"

namespace usher::user {
namespace {

constexpr absl::Duration kBetweenSweeps = absl::Seconds(1);

}  // namespace

SagaSweeper::~SagaSweeper() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void SagaSweeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

bool SagaSweeper::IsEnding() {
  const absl::MutexLock lock(&mutex_);
  return ending_;
}

void SagaSweeper::Sweep() {
  while (!IsEnding()) {
    const absl::StatusOr<bool> settled = sagas_.SettleOne();
    // Once for each outage: the sagas wait for its end.
    if (!settled.ok() && !failing_) {
      log::Warning("creations and removals that were left behind cannot be settled now",
                   {{"error", settled.status().message()}});
    }
    failing_ = !settled.ok();
    if (!settled.ok() || !*settled) return;
  }
}

void SagaSweeper::Run() {
  while (true) {
    Sweep();
    const absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&ending_), kBetweenSweeps)) return;
  }
}

}  // namespace usher::user
