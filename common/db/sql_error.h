// The only place that knows libpqxx exceptions and SQLSTATE codes.
#pragma once

#include <exception>

#include "absl/status/status.h"

namespace usher::db {

// To be called with the exception that is being handled. `statement` is for the log.
//   Unreachable        connection lost, server shutting down, too many connections
//   kAborted           serialization failure or deadlock: the transaction may be run again
//   OutOfTime          statement time-out, lock time-out, or a COMMIT of which nobody knows how it
//   ended kInternal          anything else: a fault of ours. The text is for the log, the gate
//   hides it
absl::Status StatusOfException(const std::exception& exception, const char* statement);

// True when the connection must not be used again.
bool LosesConnection(const std::exception& exception);

}  // namespace usher::db
