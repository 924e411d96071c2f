#include "common/db/retention.h"

#include "common/db/transaction.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

// Rows that somebody else is forgetting already are passed by.
constexpr Statement kForgetKeys{"forget_idempotency_keys", R"sql(
  DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '24 hours'
    LIMIT $1::bigint FOR UPDATE SKIP LOCKED))
)sql"};

constexpr Statement kForgetAudit{"forget_audit", R"sql(
  DELETE FROM audit WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM audit WHERE at < now() - $1::bigint * interval '1 microsecond'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

}  // namespace

absl::StatusOr<int64_t> ForgetOldIdempotencyKeys(const CallContext& call, Pool& pool,
                                                 int64_t most) {
  ASSIGN_OR_RETURN(const Rows rows, Execute(call, pool, kForgetKeys, {most}));
  return static_cast<int64_t>(rows.affected());
}

absl::StatusOr<int64_t> ForgetOldAudit(const CallContext& call, Pool& pool,
                                       absl::Duration retention, int64_t most) {
  ASSIGN_OR_RETURN(const Rows rows,
                   Execute(call, pool, kForgetAudit, {absl::ToInt64Microseconds(retention), most}));
  return static_cast<int64_t>(rows.affected());
}

}  // namespace usher::db
