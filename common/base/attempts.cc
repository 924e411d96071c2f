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

prometheus::Gauge* LastSuccessGauge(const std::string& name, const std::string& company,
                                    prometheus::Registry* registry) {
  if (registry == nullptr) return nullptr;
  prometheus::Labels labels = {{"name", name}};
  if (!company.empty()) labels.emplace("company", company);
  return &prometheus::BuildGauge()
              .Name("usher_last_success_seconds")
              .Help("When something that is done now and then last succeeded, Unix time.")
              .Register(*registry)
              .Add(labels);
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

Attempts::Attempts(std::string name, prometheus::Registry* registry, std::string company)
    : name_(std::move(name)),
      company_(std::move(company)),
      gauge_(LastSuccessGauge(name_, company_, registry)) {}

void Attempts::Make(const std::function<absl::Status()>& attempt, const std::atomic<bool>& ending) {
  const absl::Status status = Caught(attempt);
  Note(status, /*broken_off=*/ending.load());
}

void Attempts::Note(const absl::Status& status, bool broken_off) {
  if (!status.ok()) {
    if (failures_ == 0 && !broken_off) {
      log::Warning(absl::StrCat(name_, ": fails, and is tried again"),
                   {OfCompany(), {"error", status.message()}});
    }
    ++failures_;
    return;
  }
  const absl::Time now = absl::Now();
  last_success_micros_.store(absl::ToUnixMicros(now));
  if (gauge_ != nullptr) gauge_->Set(absl::ToDoubleSeconds(now - absl::UnixEpoch()));
  if (failures_ > 0) log::Info(absl::StrCat(name_, ": works again"), {OfCompany()});
  failures_ = 0;
}

log::Field Attempts::OfCompany() const {
  return {company_.empty() ? absl::string_view() : "company", company_};
}

absl::Time Attempts::last_success() const {
  const int64_t micros = last_success_micros_.load();
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

}  // namespace usher
