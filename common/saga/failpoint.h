// Places at which a test can let a process die, dawdle or fail: after each step of a saga. Only in
// builds with tests; elsewhere reaching one does nothing.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::saga {

// What USHER_FAILPOINT in the environment says, where it names this place:
//   NAME:exit    ends the process on the spot, like a crash
//   NAME:sleep   goes on after two seconds
//   NAME:error   answers InDoubt: as if this thread had come no further
absl::Status Failpoint(absl::string_view name);

}  // namespace usher::saga
