#include "common/base/repeating.h"

#include <algorithm>
#include <utility>

namespace usher {

absl::Duration PauseAfter(const RepeatingOptions& options, int failures) {
  if (failures == 0) return options.period;
  constexpr int kMostDoublings = 20;
  return std::min(options.longest_retry,
                  options.first_retry * (1 << std::min(failures - 1, kMostDoublings)));
}

Repeating::Repeating(RepeatingOptions options, Round round)
    : options_(std::move(options)),
      round_(std::move(round)),
      attempts_(options_.name, options_.registry) {}

Repeating::~Repeating() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_->store(true);
  }
  if (thread_.joinable()) thread_.join();
}

void Repeating::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Repeating::Run() {
  while (!ending_->load()) {
    attempts_.Make(round_, *ending_);
    const absl::MutexLock lock(&mutex_);
    const auto is_ending = [this] { return ending_->load(); };
    mutex_.AwaitWithTimeout(absl::Condition(&is_ending),
                            PauseAfter(options_, attempts_.failures()));
  }
}

}  // namespace usher
