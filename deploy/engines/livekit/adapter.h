// Everything that the adapter is made of.
#pragma once

#include "absl/status/status.h"
#include "deploy/engines/livekit/livekit_options.h"

namespace usher::livekit {

// Returns when a signal has ended it.
absl::Status ServeUntilStopped(const AdapterOptions& options);

}  // namespace usher::livekit
