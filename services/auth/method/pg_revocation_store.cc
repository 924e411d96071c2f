#include "services/auth/method/pg_revocation_store.h"

#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_sql.h"

namespace usher::auth {

absl::StatusOr<std::vector<token::Revocation>> PgRevocationStore::ListRevocations(
    const CallContext& call, int64_t after, absl::Time horizon) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListRevocations, {after, horizon}));
  return RevocationsOf(rows);
}

absl::Status PgRevocationStore::ForgetRevocations(const CallContext& call, absl::Time horizon) {
  return db::Execute(call, pool_, sql::kForgetRevocations, {horizon}).status();
}

}  // namespace usher::auth
