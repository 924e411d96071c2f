// The metrics that are read when somebody asks, and the HTTP port on which Prometheus asks.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::server {

// One number that something knows anyway.
struct Reading {
  std::string name;
  std::string help;
  std::string label;  // value of the label "name"; empty: no label
  bool counter = false;
  std::function<double()> read;  // thread-safe
};

// Thread-safe.
class Readings final : public prometheus::Collectable {
 public:
  explicit Readings(std::vector<Reading> readings) : readings_(std::move(readings)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::vector<Reading> readings_;
};

// Serves /metrics on `address`. kUnavailable when it cannot be bound.
absl::StatusOr<std::unique_ptr<prometheus::Exposer>> OpenExposer(const std::string& address);

}  // namespace usher::server
