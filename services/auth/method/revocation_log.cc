#include "services/auth/method/revocation_log.h"

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_sql.h"

namespace usher::auth {

absl::StatusOr<Ended> WriteRevocations(db::Transaction& tx, const CompanyId& company,
                                       const std::vector<RevocationDraft>& drafts) {
  if (drafts.empty()) return Ended();
  std::vector<std::string> kinds, subjects, reasons, final;
  for (const RevocationDraft& draft : drafts) {
    kinds.push_back(absl::StrCat(static_cast<int>(draft.kind)));
    subjects.push_back(draft.subject);
    reasons.push_back(absl::StrCat(static_cast<int>(draft.reason)));
    final.push_back(draft.final ? "t" : "f");
  }
  ASSIGN_OR_RETURN(const db::Rows locked, tx.Execute(sql::kLockFeed, {}));
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kInsertRevocations,
                              {company, db::Param::Array(kinds), db::Param::Array(subjects),
                               db::Param::Array(reasons), db::Param::Array(final)}));
  return RevocationsOf(rows);
}

}  // namespace usher::auth
