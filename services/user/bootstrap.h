// --bootstrap of usher-user: the profile of a company's first administrator, whom usher-auth made.
#pragma once

#include "absl/status/status.h"
#include "common/server/options.h"

namespace usher::user {

// May be repeated: does nothing for who has a profile, and for whom auth does not know (any more).
// Asks auth, which has to serve. kInvalidArgument with one line for a person.
absl::Status Bootstrap(const server::Options& options);

}  // namespace usher::user
