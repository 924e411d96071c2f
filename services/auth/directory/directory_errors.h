// The failures of directories.
#pragma once

#include "absl/status/status.h"

namespace usher::auth {

// REMOTE_ERROR: out of reach, too slow, or not as it should be. What exactly, the log says.
absl::Status DirectoryFailed();

}  // namespace usher::auth
