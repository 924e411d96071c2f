#include "services/auth/method/pg_open_links.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/method/link_sql.h"
#include "services/auth/method/pg_method_rows.h"

namespace usher::auth {
namespace {

// More than anybody is in companies.
constexpr uint64_t kMostLinks = 1000;

// One row of kListLinks.
struct Link {
  std::string company, key_type, principal_key;
  absl::Time since;
};

// Whether its secret is still the one that was shown when the link was made.
bool LeadsTo(const Link& link, const Method& method, absl::Time secret_since) {
  return link.company == method.company.value() && link.key_type == KeyTypeName(method.key_type) &&
         link.principal_key == method.principal_key && secret_since <= link.since;
}

}  // namespace

absl::StatusOr<std::vector<MethodStanding>> ReadOpenLinks(const CallContext& call, db::Pool& pool,
                                                          const CompanyId& company,
                                                          const SessionId& session,
                                                          const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows from,
                   db::Execute(call, pool, sql::kListLinks, {company, session, user, kMostLinks}));
  std::vector<MethodStanding> open;
  if (from.empty()) return open;
  std::vector<Link> links;
  std::vector<std::string> companies;
  for (size_t i = 0; i < from.size(); ++i) {
    const db::Row row = from[i];
    links.push_back({row.Text(0), row.Text(1), row.Text(2), row.Micros(3)});
    companies.push_back(links.back().company);
  }
  ASSIGN_OR_RETURN(const db::Rows to,
                   db::Execute(call, pool, sql::kListLinked, {db::Param::Array(companies), user}));
  for (size_t i = 0; i < to.size(); ++i) {
    MethodStanding standing = MethodStandingOf(to[i]);
    const absl::Time secret_since = to[i].Micros(kStandingColumns);
    const bool leads = std::any_of(links.begin(), links.end(), [&](const Link& link) {
      return LeadsTo(link, standing.method, secret_since);
    });
    if (leads) open.push_back(std::move(standing));
  }
  return open;
}

}  // namespace usher::auth
