#include "common/base/attempts.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher {
namespace {

prometheus::Gauge* LastSuccessGauge(const std::string& name, prometheus::Registry* registry) {
  if (registry == nullptr) return nullptr;
  return &prometheus::BuildGauge()
              .Name("usher_last_success_seconds")
              .Help("When something that is done now and then last succeeded, Unix time.")
              .Register(*registry)
              .Add({{"name", name}});
}

// An attempt that throws must not end the process.
absl::Status Caught(const std::function<absl::Status()>& attempt) {
  try {
    return attempt();
  } catch (const std::exception& exception) {
    return absl::InternalError(exception.what());
  }
}

}  // namespace

Attempts::Attempts(std::string name, prometheus::Registry* registry)
    : name_(std::move(name)), gauge_(LastSuccessGauge(name_, registry)) {}

void Attempts::Make(const std::function<absl::Status()>& attempt, const std::atomic<bool>& ending) {
  const absl::Status status = Caught(attempt);
  if (!status.ok()) {
    if (failures_ == 0 && !ending.load()) {
      log::Warning(absl::StrCat(name_, ": fails, and is tried again"),
                   {{"error", status.message()}});
    }
    ++failures_;
    return;
  }
  const absl::Time now = absl::Now();
  last_success_micros_.store(absl::ToUnixMicros(now));
  if (gauge_ != nullptr) gauge_->Set(absl::ToDoubleSeconds(now - absl::UnixEpoch()));
  if (failures_ > 0) log::Info(absl::StrCat(name_, ": works again"));
  failures_ = 0;
}

absl::Time Attempts::last_success() const {
  const int64_t micros = last_success_micros_.load();
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

}  // namespace usher
