#include "common/db/retention.h"

#include "common/db/transaction.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

// Companies that have something to forget; the next statement forgets it, company by company, since
// rows can be locked, and told apart by their place, within a company alone (docs/scale-out.md).
constexpr Statement kFindOldKeys{"find_old_idempotency_keys", R"sql(
  SELECT DISTINCT company_id FROM (
    SELECT company_id FROM idempotency_keys WHERE created_at < now() - interval '24 hours'
    LIMIT $1::bigint) old
)sql"};

// Rows that somebody else is forgetting already are passed by.
constexpr Statement kForgetKeys{"forget_idempotency_keys", R"sql(
  DELETE FROM idempotency_keys WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys
    WHERE company_id = $1 AND created_at < now() - interval '24 hours'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

constexpr Statement kFindOldAudit{"find_old_audit", R"sql(
  SELECT DISTINCT company_id FROM (
    SELECT company_id FROM audit WHERE at < now() - $2::bigint * interval '1 microsecond'
    LIMIT $1::bigint) old
)sql"};

constexpr Statement kForgetAudit{"forget_audit", R"sql(
  DELETE FROM audit WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM audit
    WHERE company_id = $1 AND at < now() - $3::bigint * interval '1 microsecond'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

}  // namespace

absl::StatusOr<int64_t> ForgetByCompany(const CallContext& call, Pool& pool, const Statement& find,
                                        const Statement& forget, int64_t most,
                                        const std::vector<Param>& age) {
  std::vector<Param> limits = {most};
  limits.insert(limits.end(), age.begin(), age.end());
  ASSIGN_OR_RETURN(const Rows companies, Execute(call, pool, find, limits));
  int64_t forgotten = 0;
  for (size_t i = 0; i < companies.size() && forgotten < most; ++i) {
    std::vector<Param> params = {companies[i].Text(0), most - forgotten};
    params.insert(params.end(), age.begin(), age.end());
    ASSIGN_OR_RETURN(const Rows rows, Execute(call, pool, forget, params));
    forgotten += static_cast<int64_t>(rows.affected());
  }
  return forgotten;
}

absl::StatusOr<int64_t> ForgetOldIdempotencyKeys(const CallContext& call, Pool& pool,
                                                 int64_t most) {
  return ForgetByCompany(call, pool, kFindOldKeys, kForgetKeys, most, {});
}

absl::StatusOr<int64_t> ForgetOldAudit(const CallContext& call, Pool& pool,
                                       absl::Duration retention, int64_t most) {
  return ForgetByCompany(call, pool, kFindOldAudit, kForgetAudit, most,
                         {absl::ToInt64Microseconds(retention)});
}

}  // namespace usher::db
