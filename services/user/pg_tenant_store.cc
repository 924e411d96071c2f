#include "services/user/pg_tenant_store.h"

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/company_clearing.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/user/pg_user_params.h"
#include "services/user/tenant_sql.h"

namespace usher::user {

absl::Status PgTenantStore::EnsureFirst(const CallContext& call, const UserKey& key,
                                        const User& user) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows made, tx.Execute(sql::kInsertFirstUser, ParamsOf(key, user)));
    if (made.empty()) return absl::OkStatus();
    return db::Audit(tx, call, key.company, absl::StrCat("user ", key.user.value()), "created");
  });
}

absl::StatusOr<bool> PgTenantStore::Clear(const CallContext& call, const CompanyId& company) {
  return db::ClearCompany(call, pool_, company, {&sql::kClearUserSagas, &sql::kClearUsers});
}

}  // namespace usher::user
