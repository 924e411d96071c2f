#include "common/server/metrics.h"

#include <prometheus/metric_family.h>

#include <exception>

#include "absl/strings/str_cat.h"

namespace usher::server {

std::vector<prometheus::MetricFamily> Readings::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Reading& reading : readings_) {
    if (families.empty() || families.back().name != reading.name) {
      prometheus::MetricFamily family;
      family.name = reading.name;
      family.help = reading.help;
      family.type =
          reading.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
      families.push_back(std::move(family));
    }
    prometheus::ClientMetric metric;
    if (!reading.label.empty()) metric.label.push_back({"name", reading.label});
    metric.gauge.value = reading.read();
    metric.counter.value = metric.gauge.value;
    families.back().metric.push_back(std::move(metric));
  }
  return families;
}

absl::StatusOr<std::unique_ptr<prometheus::Exposer>> OpenExposer(const std::string& address) {
  try {
    return std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception& exception) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, " for metrics: ", exception.what()));
  }
}

}  // namespace usher::server
