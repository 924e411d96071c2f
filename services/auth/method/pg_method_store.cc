#include "services/auth/method/pg_method_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/pg_user_change.h"
#include "services/auth/method/revocation_log.h"

namespace usher::auth {
namespace {

constexpr int64_t kActiveCompany = 1;

template <class Tag>
std::vector<std::string> Values(const std::vector<Id<Tag>>& ids) {
  std::vector<std::string> values;
  values.reserve(ids.size());
  for (const Id<Tag>& id : ids) values.push_back(id.value());
  return values;
}

std::vector<std::string> Numbers(const std::vector<AccountStatus>& statuses) {
  std::vector<std::string> numbers;
  for (const AccountStatus status : statuses) {
    numbers.push_back(absl::StrCat(static_cast<int>(status)));
  }
  return numbers;
}

// Locks the company against being switched off. CompanyNotFound.
absl::Status ShareActiveCompany(db::Transaction& tx, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kShareCompany, {company}));
  const bool active = !rows.empty() && rows[0].Int(0) == kActiveCompany;
  return active ? absl::OkStatus() : CompanyNotFound();
}

absl::StatusOr<bool> InsertUser(db::Transaction& tx, const CompanyId& company, const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kInsertUser, {company, user}));
  return !rows.empty();
}

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

absl::StatusOr<std::optional<MethodStanding>> PgMethodStore::FindMethod(const CallContext& call,
                                                                        const CompanyId& company,
                                                                        const MethodKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindMethod,
                               {company, KeyTypeName(key.key_type), key.principal_key}));
  if (rows.empty()) return std::optional<MethodStanding>();
  const db::Row row = rows[0];
  MethodStanding standing;
  standing.method = MethodOf(row);
  standing.method.sealed_secret = row.Bytes(kMethodColumns);
  standing.user_status = static_cast<AccountStatus>(row.Int(kMethodColumns + 1));
  standing.company_active = row.Int(kMethodColumns + 2) == kActiveCompany;
  standing.read_at = row.Micros(kMethodColumns + 3);
  return std::optional<MethodStanding>(std::move(standing));
}

absl::StatusOr<std::optional<UserStanding>> PgMethodStore::FindUser(const CallContext& call,
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
  standing.guest = row.Bool(5);
  return std::optional<UserStanding>(standing);
}

absl::Status PgMethodStore::ReplaceSecret(const CallContext& call, const CompanyId& company,
                                          const MethodKey& key, const std::string& before,
                                          const std::string& sealed) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.Execute(sql::kReplaceSecret, {company, KeyTypeName(key.key_type), key.principal_key,
                                         db::Param::Bytes(before), db::Param::Bytes(sealed)}));
    if (rows.affected() == 0) return absl::OkStatus();
    return db::Audit(tx, call, company, absl::StrCat(KeyTypeName(key.key_type), " method"),
                     "secret hashed anew");
  });
}

absl::StatusOr<std::vector<Method>> PgMethodStore::ListOfUser(const CallContext& call,
                                                              const CompanyId& company,
                                                              const UserId& user, absl::Time now) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListOfUser, {company, user, now}));
  std::vector<Method> methods;
  methods.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) methods.push_back(MethodOf(rows[i]));
  return methods;
}

absl::StatusOr<MethodPage> PgMethodStore::List(const CallContext& call,
                                               const MethodFilter& filter) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(
          call, pool_, sql::kListMethods,
          {db::Param::Array(Values(filter.companies)), filter.only_user,
           filter.only_eligible_for_switch, db::Param::Array(filter.principal_keys),
           db::Param::Array(Values(filter.users)), db::Param::Array(Numbers(filter.statuses)),
           db::Param::Array(filter.key_types), filter.now, filter.limit, filter.offset,
           filter.most_sessions, static_cast<uint64_t>(filter.most_bytes)}));
  if (!rows[0].Bool(1)) return ReplyTooLarge();
  MethodPage page;
  page.users = static_cast<uint64_t>(rows[0].Int(0));
  for (size_t i = 0; i < rows.size(); ++i) {
    // The one row that there always is, where the page is empty.
    if (!rows[i].IsNull(2)) page.methods.push_back(MethodOf(rows[i], 2));
  }
  return page;
}

absl::StatusOr<UserId> PgMethodStore::InsertUserWithMethod(const CallContext& call,
                                                           const Method& method) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<UserId> {
    ASSIGN_OR_RETURN(const std::string answer,
                     db::BindIdempotencyKey(tx, call, method.user.value()));
    if (answer != method.user.value()) return UserId(answer);
    RETURN_IF_ERROR(ShareActiveCompany(tx, method.company));
    ASSIGN_OR_RETURN(const bool made, InsertUser(tx, method.company, method.user));
    if (!made) return UserExists();
    RETURN_IF_ERROR(InsertMethod(tx, method));
    RETURN_IF_ERROR(
        db::Audit(tx, call, method.company, AuditObject(method.key_type, method.user), "created"));
    return method.user;
  });
}

absl::StatusOr<Ended> PgMethodStore::ChangeUser(const CallContext& call, const UserChange& change) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    return PgUserChange(tx, call, change.company, change.user).Apply(change);
  });
}

absl::StatusOr<Ended> PgMethodStore::EndSession(const CallContext& call, const CompanyId& company,
                                                const UserId& user, const SessionId& session) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.Execute(sql::kDeleteSession, {company, session, user}));
    if (rows.empty()) return MethodNotFound();
    RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(user), "session ended"));
    return WriteRevocations(tx, company,
                            {{.kind = token::RevocationKind::kSession,
                              .subject = session.value(),
                              .reason = token::RevocationReason::kSignedOut,
                              .final = true}});
  });
}

absl::Status PgMethodStore::EnsureUser(const CallContext& call, const CompanyId& company,
                                       const UserId& user, const std::optional<Method>& method) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(ShareActiveCompany(tx, company));
    ASSIGN_OR_RETURN(const bool made, InsertUser(tx, company, user));
    if (!made) return CheckEnsured(tx, company, user, method);
    if (method.has_value()) RETURN_IF_ERROR(InsertMethod(tx, *method));
    return db::Audit(tx, call, company, AuditObject(user), "created");
  });
}

absl::StatusOr<bool> PgMethodStore::SettleUser(const CallContext& call, const CompanyId& company,
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

absl::StatusOr<Ended> PgMethodStore::RemoveUser(const CallContext& call, const CompanyId& company,
                                                const UserId& user, PermissionSet held) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    return PgUserChange(tx, call, company, user).Remove(held);
  });
}

absl::StatusOr<bool> PgMethodStore::InsertCompany(const CallContext& call, const CompanyId& company,
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

absl::StatusOr<std::vector<token::Revocation>> PgMethodStore::ListRevocations(
    const CallContext& call, int64_t after, absl::Time horizon) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListRevocations, {after, horizon}));
  return RevocationsOf(rows);
}

absl::Status PgMethodStore::ForgetRevocations(const CallContext& call, absl::Time horizon) {
  return db::Execute(call, pool_, sql::kForgetRevocations, {horizon}).status();
}

}  // namespace usher::auth
