// Places at which a test can let a process die, dawdle or fail: after each step of a saga, at
// whoever takes it. Only in builds with tests; elsewhere reaching one does nothing.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/call_context.h"

namespace usher::saga {

// What the environment says, where it names this place:
//   NAME:exit    ends the process on the spot, like a crash
//   NAME:sleep   goes on after five seconds
//   NAME:error   answers InDoubt: as if this thread had come no further
// USHER_FAILPOINT is such a deed, which is done to whoever comes, each time. USHER_FAILPOINTS is a
// folder: there a file named after the ID of a request has the deeds that await it, one a line. The
// first one is done to whoever comes to its place on behalf of that request, in whichever process
// and however much later, and is taken out before: each is done once.
absl::Status Failpoint(absl::string_view name, const CallContext& call);

}  // namespace usher::saga
