// A thread that settles the sagas that a crash or an outage left behind.
#pragma once

#include <prometheus/family.h>
#include <prometheus/gauge.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/repeating.h"
#include "common/saga/saga_table.h"

namespace usher::saga {

// What a service says about its sagas. The functions are called on the sweeper's thread.
struct SweeperOptions {
  // Settles one that was left behind; false when there was none. A failure leaves it for another
  // time. The call is the sweeper's own: its deadline, and what ends it.
  std::function<absl::StatusOr<bool>(const CallContext&)> settle_one;
  // How many there are; for the metrics. Empty: nobody asks.
  std::function<absl::StatusOr<std::vector<Backlog>>(const CallContext&)> count;
  // What the numbers mean, for the metrics.
  std::map<int, std::string> kinds;
  std::map<int, std::string> states;
  prometheus::Registry* registry = nullptr;  // null: no metrics
};

// Looks once a second, and less often while it fails. Any number of replicas may sweep at the same
// time.
class Sweeper {
 public:
  explicit Sweeper(SweeperOptions options);

  void Start() { repeating_.Start(); }

  // One round: until nothing is left, or too many fail. The first failure, if any.
  absl::Status Sweep();

 private:
  CallContext OwnCall() const;
  absl::Status ShowBacklog();

  const SweeperOptions options_;
  prometheus::Family<prometheus::Gauge>* counts_ = nullptr;
  prometheus::Family<prometheus::Gauge>* ages_ = nullptr;
  Repeating repeating_;
};

}  // namespace usher::saga
