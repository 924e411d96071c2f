// The only place that knows libpqxx exceptions and SQLSTATE codes.
#pragma once

#include <exception>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::db {

// What a failure means, by its SQLSTATE. `text` and `statement` are for the log.
//   Unreachable        connection lost, server shutting down, too many connections
//   kAborted           serialization failure or deadlock: the transaction may be run again
//   OutOfTime          statement time-out, lock time-out
//   kInternal          anything else: a fault of ours. The gate hides the text
absl::Status StatusOfSqlState(absl::string_view state, absl::string_view text,
                              absl::string_view statement);

// kDeadlineExceeded: the connection was lost while a change was on its way. Nobody knows whether it
// was made.
absl::Status InDoubt();

// As StatusOfSqlState, of an exception of libpqxx that is being handled; also InDoubt for a COMMIT
// of which nobody knows how it ended.
absl::Status StatusOfException(const std::exception& exception, const char* statement);

// True when the connection must not be used again.
bool LosesConnection(absl::string_view state);
bool LosesConnection(const std::exception& exception);

}  // namespace usher::db
