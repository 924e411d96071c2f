// The calls of a scenario as JSON over HTTP/1.1.
#pragma once

#include "absl/status/statusor.h"
#include "tests/load/generator.h"

namespace usher::load {

// Like RunPass in a closed loop, with as many connections as calls are outstanding, since a
// connection has one at a time. kInvalidArgument for scenarios whose calls follow from each other.
absl::StatusOr<PassResult> RunJsonPass(const PassOptions& options, const Scenario& scenario);

}  // namespace usher::load
