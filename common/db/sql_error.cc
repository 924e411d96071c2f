#include "common/db/sql_error.h"

#include <pqxx/pqxx>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"

namespace usher::db {
namespace {

// Appendix A of the PostgreSQL manual.
constexpr char kQueryCanceled[] = "57014";
constexpr char kLockNotAvailable[] = "55P03";
constexpr char kReadOnlyTransaction[] = "25006";
// Somebody took the session's prepared statements away, or had left his there: a pooler.
constexpr char kNoSuchStatement[] = "26000";
constexpr char kDuplicateStatement[] = "42P05";

// 08: connection; 53: resources (connections, memory, disk); 57P: shutting down, starting up.
bool IsOutage(absl::string_view state) {
  return absl::StartsWith(state, "08") || absl::StartsWith(state, "57P") ||
         absl::StartsWith(state, "53") || state == kReadOnlyTransaction ||
         state == kNoSuchStatement || state == kDuplicateStatement;
}

bool IsConflict(absl::string_view state) { return absl::StartsWith(state, "40"); }

bool IsBroken(const std::exception& exception) {
  return dynamic_cast<const pqxx::broken_connection*>(&exception) != nullptr;
}

}  // namespace

absl::Status StatusOfSqlState(absl::string_view state, absl::string_view text,
                              absl::string_view statement) {
  if (state == kQueryCanceled || state == kLockNotAvailable) {
    return OutOfTime("waiting for the database");
  }
  if (IsOutage(state)) return Unreachable("the database");
  if (IsConflict(state)) return absl::AbortedError("another change was in the way");
  return absl::InternalError(absl::StrCat(statement, ": ", state, " ", text));
}

absl::Status InDoubt() {
  return usher::InDoubt("the database did not say whether the change was made");
}

absl::Status StatusOfException(const std::exception& exception, const char* statement) {
  if (dynamic_cast<const pqxx::in_doubt_error*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::statement_completion_unknown*>(&exception) != nullptr) {
    return InDoubt();
  }
  if (IsBroken(exception)) return Unreachable("the database");
  // Class 40: no pqxx::sql_error and without a SQLSTATE in libpqxx 6 (pqxx/except.hxx).
  if (dynamic_cast<const pqxx::transaction_rollback*>(&exception) != nullptr) {
    return StatusOfSqlState("40000", exception.what(), statement);
  }
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&exception);
  return StatusOfSqlState(sql == nullptr ? "" : sql->sqlstate(), exception.what(), statement);
}

bool LosesConnection(absl::string_view state) { return IsOutage(state) || state.empty(); }

bool LosesConnection(const std::exception& exception) {
  if (IsBroken(exception) || dynamic_cast<const pqxx::in_doubt_error*>(&exception) != nullptr) {
    return true;
  }
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&exception);
  return sql != nullptr && LosesConnection(sql->sqlstate());
}

// Class 23: a row of the neighbour's, which may yet be undone.
bool MayBeANeighboursDoing(absl::string_view state) {
  return IsConflict(state) || absl::StartsWith(state, "23");
}

}  // namespace usher::db
