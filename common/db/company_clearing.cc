#include "common/db/company_clearing.h"

#include "absl/time/clock.h"
#include "common/db/transaction.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr Statement kClearSagas{"clear_sagas", R"sql(
  DELETE FROM sagas WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM sagas WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

constexpr Statement kClearKeys{"clear_idempotency_keys", R"sql(
  DELETE FROM idempotency_keys WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

constexpr Statement kClearAudit{"clear_audit", R"sql(
  DELETE FROM audit WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM audit WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

}  // namespace

absl::StatusOr<bool> ClearCompany(const CallContext& call, Pool& pool, const CompanyId& company,
                                  const std::vector<const Statement*>& tables,
                                  absl::Duration for_long) {
  const absl::Time until = absl::Now() + for_long;
  std::vector<const Statement*> all = tables;
  all.insert(all.end(), {&kClearSagas, &kClearKeys, &kClearAudit});
  for (const Statement* statement : all) {
    while (true) {
      if (absl::Now() >= until) return false;
      ASSIGN_OR_RETURN(const Rows rows, Execute(call, pool, *statement, {company, kClearedAtOnce}));
      if (rows.affected() == 0) break;
    }
  }
  return true;
}

}  // namespace usher::db
