// How long a server takes from being started to having answered a call.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/generator.h"

namespace usher::load {

// Starts `command` with its output in `log`, calls the scenario's first request at `address` until
// it is answered with OK, and ends the server. kDeadlineExceeded when that takes more than ten
// seconds.
absl::StatusOr<absl::Duration> TimeToFirstCall(const std::vector<std::string>& command,
                                               const std::string& log, const std::string& address,
                                               const Scenario& scenario);

}  // namespace usher::load
