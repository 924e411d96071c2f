#include "services/auth/company_switch/pg_link_store.h"

#include <cstdint>
#include <utility>

#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/company_switch/link_sql.h"
#include "services/auth/method/pg_method_rows.h"

namespace usher::auth {

absl::StatusOr<std::optional<MethodStanding>> PgLinkStore::FindOpen(const CallContext& call,
                                                                    const CompanyId& company,
                                                                    const SessionId& session,
                                                                    const UserId& user,
                                                                    const CompanyId& to) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindOpenLink, {company, session, user, to}));
  if (rows.empty()) return std::optional<MethodStanding>();
  return std::optional<MethodStanding>(MethodStandingOf(rows[0]));
}

absl::StatusOr<std::vector<CompanyId>> PgLinkStore::ListOpen(const CallContext& call,
                                                             const CompanyId& company,
                                                             const SessionId& session,
                                                             const UserId& user, size_t limit) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListOpenLinks,
                               {company, session, user, static_cast<uint64_t>(limit)}));
  std::vector<CompanyId> companies;
  for (size_t i = 0; i < rows.size(); ++i) companies.emplace_back(rows[i].Text(0));
  return companies;
}

}  // namespace usher::auth
