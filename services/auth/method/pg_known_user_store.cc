#include "services/auth/method/pg_known_user_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/pg_user_change.h"

namespace usher::auth {
namespace {

absl::StatusOr<bool> OwnsMethod(db::Transaction& tx, const CompanyId& company, const UserId& user,
                                const MethodKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindOwnMethod,
                              {company, KeyTypeName(key.key_type), key.principal_key, user}));
  return !rows.empty();
}

// The user was there before: was it by an earlier try of the same call?
absl::Status CheckEnsured(db::Transaction& tx, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockUser, {company, user}));
  if (rows.empty() || static_cast<AccountStatus>(rows[0].Int(0)) == AccountStatus::kDeleted) {
    return UserRuledOut();
  }
  if (!method.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool owned, OwnsMethod(tx, company, user, method->key()));
  return owned ? absl::OkStatus() : UserExists();
}

}  // namespace

absl::StatusOr<std::optional<UserStanding>> PgKnownUserStore::FindUser(const CallContext& call,
                                                                       const CompanyId& company,
                                                                       const UserId& user,
                                                                       absl::Time now) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindUser, {company, user, now}));
  if (rows.empty()) return std::optional<UserStanding>();
  const db::Row row = rows[0];
  UserStanding standing;
  standing.status = static_cast<AccountStatus>(row.Int(0));
  standing.company_active = row.Int(1) == kActiveCompany;
  standing.held = PermissionSet::FromMask(static_cast<uint32_t>(row.Int(2)));
  standing.usable = PermissionSet::FromMask(static_cast<uint32_t>(row.Int(3)));
  standing.methods = static_cast<AccountStatus>(row.Int(4));
  standing.only_guest_accesses = row.Bool(5);
  return std::optional<UserStanding>(standing);
}

absl::Status PgKnownUserStore::EnsureUser(const CallContext& call, const CompanyId& company,
                                          const UserId& user, const std::optional<Method>& method) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(ShareActiveCompany(tx, company));
    ASSIGN_OR_RETURN(const bool made, InsertUser(tx, company, user));
    if (!made) return CheckEnsured(tx, company, user, method);
    if (method.has_value()) RETURN_IF_ERROR(InsertMethod(tx, *method));
    return db::Audit(tx, call, company, AuditObject(user), "created");
  });
}

absl::StatusOr<bool> PgKnownUserStore::SettleUser(const CallContext& call, const CompanyId& company,
                                                  const UserId& user) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows made, tx.Execute(sql::kInsertTombstone, {company, user}));
    if (!made.empty()) {
      RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(user), "ruled out"));
      return false;
    }
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockUser, {company, user}));
    return !rows.empty() && static_cast<AccountStatus>(rows[0].Int(0)) != AccountStatus::kDeleted;
  });
}

absl::StatusOr<Ended> PgKnownUserStore::RemoveUser(const CallContext& call,
                                                   const CompanyId& company, const UserId& user,
                                                   const DecideChange& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    PgUserChange change(tx, call, company, user);
    ASSIGN_OR_RETURN(const LockedUser locked, change.Lock(/*could_unmake=*/true, std::nullopt));
    ASSIGN_OR_RETURN(const UserWrite write, decide(locked));
    return change.Write(write);
  });
}

absl::StatusOr<bool> PgKnownUserStore::InsertCompany(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::vector<Method>& methods) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kInsertCompany, {company}));
    if (rows.empty()) return false;
    for (const Method& method : methods) {
      ASSIGN_OR_RETURN(const bool made, InsertUser(tx, company, method.user));
      if (!made) return UserExists();
      RETURN_IF_ERROR(InsertMethod(tx, method));
    }
    RETURN_IF_ERROR(
        db::Audit(tx, call, company, absl::StrCat("company ", company.value()), "created"));
    return true;
  });
}

}  // namespace usher::auth
