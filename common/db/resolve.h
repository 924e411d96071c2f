// The addresses of a host.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/socket_wait.h"

namespace usher::db {

// Numeric addresses in the order in which they are to be tried. OutOfTime when the waiting was
// ended; Unreachable when there is no such host. Thread-safe. (The resolver of the C library knows
// no deadline: a thread waits for it, one for all that ask for the same host, and may outlive
// them.)
absl::StatusOr<std::vector<std::string>> Resolve(const std::string& host, Until until);

}  // namespace usher::db
