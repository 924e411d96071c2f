#include "common/base/repeating.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher {
namespace {

prometheus::Gauge* MakeGauge(const RepeatingOptions& options) {
  if (options.registry == nullptr) return nullptr;
  return &prometheus::BuildGauge()
              .Name("usher_last_success_seconds")
              .Help("When something that is done now and then last succeeded, Unix time.")
              .Register(*options.registry)
              .Add({{"name", options.name}});
}

// A round that throws must not end the process.
absl::Status Guarded(const Repeating::Round& round) {
  try {
    return round();
  } catch (const std::exception& exception) {
    return absl::InternalError(exception.what());
  }
}

}  // namespace

absl::Duration PauseAfter(const RepeatingOptions& options, int failures) {
  if (failures == 0) return options.period;
  constexpr int kMostDoublings = 20;
  return std::min(options.longest_retry,
                  options.first_retry * (1 << std::min(failures - 1, kMostDoublings)));
}

Repeating::Repeating(RepeatingOptions options, Round round)
    : options_(std::move(options)), round_(std::move(round)), gauge_(MakeGauge(options_)) {}

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

absl::Time Repeating::last_success() const {
  const int64_t micros = last_success_micros_.load();
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

int Repeating::Judge(const absl::Status& status, int failures_before) {
  if (status.ok()) {
    const absl::Time now = absl::Now();
    last_success_micros_.store(absl::ToUnixMicros(now));
    if (gauge_ != nullptr) gauge_->Set(absl::ToDoubleSeconds(now - absl::UnixEpoch()));
    if (failures_before > 0) log::Info(absl::StrCat(options_.name, ": works again"));
    return 0;
  }
  // A round that was broken off because the thread is to end did not fail.
  if (failures_before == 0 && !ending_->load()) {
    log::Warning(absl::StrCat(options_.name, ": fails, and is tried again"),
                 {{"error", status.message()}});
  }
  return failures_before + 1;
}

void Repeating::Run() {
  int failures = 0;
  while (!ending_->load()) {
    failures = Judge(Guarded(round_), failures);
    const absl::MutexLock lock(&mutex_);
    const auto is_ending = [this] { return ending_->load(); };
    mutex_.AwaitWithTimeout(absl::Condition(&is_ending), PauseAfter(options_, failures));
  }
}

}  // namespace usher
