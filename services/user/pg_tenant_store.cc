#include "services/user/pg_tenant_store.h"

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/company_clearing.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/user/tenant_sql.h"

namespace usher::user {

absl::Status PgTenantStore::EnsureFirst(const CallContext& call, const UserKey& key,
                                        const User& user) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    const db::Param email_key =
        user.email.empty() ? db::Param(std::nullopt) : db::Param(text::Fold(user.email));
    ASSIGN_OR_RETURN(
        const db::Rows made,
        tx.Execute(sql::kInsertFirstUser,
                   {key.company, key.user, user.email, email_key, user.profile.firstname,
                    user.profile.lastname, user.profile.title, db::Param::Json(user.metadata)}));
    if (made.empty()) return absl::OkStatus();
    return db::Audit(tx, call, key.company, absl::StrCat("user ", key.user.value()), "created");
  });
}

absl::StatusOr<bool> PgTenantStore::Clear(const CallContext& call, const CompanyId& company) {
  return db::ClearCompany(call, pool_, company, {&sql::kClearUserSagas, &sql::kClearUsers});
}

}  // namespace usher::user
