// How many passwords this machine can hash in a second: the ceiling of signing in with one.
#pragma once

#include "absl/time/time.h"

namespace usher::load {

// Hashes a second by argon2id, 19 MiB and 2 passes, with as many threads as there are cores.
double Argon2Rate(absl::Duration duration);

}  // namespace usher::load
