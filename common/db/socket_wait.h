// Waiting for a socket, no longer than somebody waits for what comes through it.
#pragma once

#include <poll.h>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

namespace usher::db {

// Asked before each wait: until when there is a reason to wait. Who asked may wait again after that
// moment, if the next answer is a later one; a moment that has passed ends the waiting.
using Until = absl::FunctionRef<absl::Time()>;

// OutOfTime when the waiting was ended. `events` as in poll(2). OK may also mean that the socket is
// broken: whoever reads from it will see.
absl::Status AwaitSocket(int socket, int events, Until until);

// Whether the other side ended a connection while nobody used it. To be asked before anything is
// sent, so that a database that was started anew is no error of the next call. Unasked, PostgreSQL
// says goodbye and little else (notices of a changed setting, after which a new connection is right
// as well).
bool SaidGoodbye(int socket);

}  // namespace usher::db
