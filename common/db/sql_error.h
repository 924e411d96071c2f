// The only place that knows libpqxx exceptions and SQLSTATE codes.
#pragma once

#include <exception>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::db {

// What a failure means, by its SQLSTATE. `text` and `statement` are for the log. All of them mean
// that the statement did not happen: the database has said so.
//   Unreachable        server shutting down, too many connections, read-only, ...
//   kAborted           serialization failure or deadlock: the transaction may be run again. With a
//                      fixed text, and only within common/db
//   OutOfTime          statement time-out, lock time-out
//   kInternal          anything else: a fault of ours. The gate hides the text
absl::Status StatusOfSqlState(absl::string_view state, absl::string_view text,
                              absl::string_view statement);

// kDeadlineExceeded: a change was on its way, and nobody knows whether it was made.
absl::Status InDoubt();

// As StatusOfSqlState, of an exception of libpqxx that is being handled; Unreachable for a lost
// connection, InDoubt for a COMMIT of which nobody knows how it ended.
absl::Status StatusOfException(const std::exception& exception, const char* statement);

// True when the connection must not be used again.
bool LosesConnection(absl::string_view state);
bool LosesConnection(const std::exception& exception);

// In a transaction of several calls' statements: whether one may fail because of what another one
// did before it. Alone it deserves another try.
bool MayBeANeighboursDoing(absl::string_view state);

}  // namespace usher::db
