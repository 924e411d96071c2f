#include "services/auth/method/revocation_log.h"

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"

namespace usher::auth {

absl::StatusOr<std::vector<token::Revocation>> WriteRevocations(
    db::Transaction& tx, const CompanyId& company, const std::vector<Ending>& endings) {
  if (endings.empty()) return std::vector<token::Revocation>();
  std::vector<std::string> kinds, subjects, reasons, final;
  for (const Ending& ending : endings) {
    kinds.push_back(absl::StrCat(static_cast<int>(ending.kind)));
    subjects.push_back(ending.subject);
    reasons.push_back(absl::StrCat(static_cast<int>(ending.reason)));
    final.push_back(ending.final ? "t" : "f");
  }
  ASSIGN_OR_RETURN(const db::Rows locked, tx.Execute(sql::kLockFeed, {}));
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kInsertRevocations,
                              {company, db::Param::Array(kinds), db::Param::Array(subjects),
                               db::Param::Array(reasons), db::Param::Array(final)}));
  return RevocationsOf(rows);
}

}  // namespace usher::auth
