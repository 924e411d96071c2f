// What an operator does with the outbox: usher-auth --mail, usher-auth --send_again ID.
#pragma once

#include "absl/status/status.h"
#include "common/server/options.h"

namespace usher::auth {

// Whether one of the two flags was given.
bool OutboxCommandGiven();

// --mail prints a line of JSON for each mail that waits or was given up, the oldest first.
// --send_again makes one as good as new. kInvalidArgument for what is no mail's ID, kNotFound.
absl::Status RunOutboxCommand(const server::Options& options);

}  // namespace usher::auth
