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
constexpr char kDiskFull[] = "53100";

bool IsOutage(absl::string_view state) {
  return absl::StartsWith(state, "08") || absl::StartsWith(state, "57P") ||
         absl::StartsWith(state, "53") || state == kReadOnlyTransaction || state == kDiskFull;
}

}  // namespace

absl::Status StatusOfSqlState(absl::string_view state, absl::string_view text,
                              absl::string_view statement) {
  if (state == kQueryCanceled || state == kLockNotAvailable) {
    return OutOfTime("waiting for the database");
  }
  if (IsOutage(state)) return Unreachable("the database");
  // Class 40, serialization failures and deadlocks.
  if (absl::StartsWith(state, "40")) return absl::AbortedError(absl::StrCat(statement, ": ", text));
  return absl::InternalError(absl::StrCat(statement, ": ", state, " ", text));
}

absl::Status InDoubt() { return usher::InDoubt("the database went away during COMMIT"); }

absl::Status StatusOfException(const std::exception& exception, const char* statement) {
  if (dynamic_cast<const pqxx::in_doubt_error*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::statement_completion_unknown*>(&exception) != nullptr) {
    return InDoubt();
  }
  if (dynamic_cast<const pqxx::broken_connection*>(&exception) != nullptr) {
    return Unreachable("the database");
  }
  // Class 40: no pqxx::sql_error and without a SQLSTATE in libpqxx 6 (pqxx/except.hxx).
  if (dynamic_cast<const pqxx::transaction_rollback*>(&exception) != nullptr) {
    return StatusOfSqlState("40000", exception.what(), statement);
  }
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&exception);
  return StatusOfSqlState(sql == nullptr ? "" : sql->sqlstate(), exception.what(), statement);
}

bool LosesConnection(absl::string_view state) { return IsOutage(state) || state.empty(); }

bool LosesConnection(const std::exception& exception) {
  if (dynamic_cast<const pqxx::broken_connection*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::in_doubt_error*>(&exception) != nullptr) {
    return true;
  }
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&exception);
  return sql != nullptr && LosesConnection(sql->sqlstate());
}

}  // namespace usher::db
