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

std::vector<std::string> Numbers(const std::vector<AccountStatus>& statuses) {
  std::vector<std::string> numbers;
  for (const AccountStatus status : statuses) {
    numbers.push_back(absl::StrCat(static_cast<int>(status)));
  }
  return numbers;
}

std::vector<std::string> Names(const std::vector<KeyType>& key_types) {
  std::vector<std::string> names;
  for (const KeyType key_type : key_types) names.emplace_back(KeyTypeName(key_type));
  return names;
}

}  // namespace

absl::StatusOr<std::optional<MethodStanding>> PgMethodStore::FindMethod(const CallContext& call,
                                                                        const CompanyId& company,
                                                                        const MethodKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindMethod,
                               {company, KeyTypeName(key.key_type), key.principal_key}));
  if (rows.empty()) return std::optional<MethodStanding>();
  return std::optional<MethodStanding>(MethodStandingOf(rows[0]));
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
  const std::optional<MethodFilter::Switching>& switching = filter.eligible_for_switch;
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(call, pool_, sql::kListMethods,
                  {db::Param::Array(filter.companies), filter.only_user, switching.has_value(),
                   db::Param::Array(filter.principal_keys), db::Param::Array(filter.users),
                   db::Param::Array(Numbers(filter.statuses)),
                   db::Param::Array(Names(filter.key_types)), filter.now, filter.limit,
                   filter.offset, filter.most_sessions, static_cast<uint64_t>(filter.most_bytes),
                   switching.has_value() ? switching->company : CompanyId(),
                   switching.has_value() ? switching->session : SessionId()}));
  if (!rows[0].Bool(1)) return ReplyTooLarge();
  MethodPage page;
  page.users = static_cast<uint64_t>(rows[0].Int(0));
  for (size_t i = 0; i < rows.size(); ++i) {
    // The one row that there always is, where the page is empty.
    if (!rows[i].IsNull(2)) page.methods.push_back(MethodOf(rows[i], 2));
  }
  return page;
}

absl::StatusOr<std::optional<UserId>> PgMethodStore::FindMade(const CallContext& call) {
  ASSIGN_OR_RETURN(const std::optional<std::string> answer, db::FindAnswer(call, pool_));
  if (!answer.has_value()) return std::optional<UserId>();
  return std::optional<UserId>(UserId(*answer));
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

absl::StatusOr<Ended> PgMethodStore::ChangeUser(const CallContext& call, const UserChange& change,
                                                const DecideChange& decide) {
  const std::optional<MethodKey> named =
      change.edit.has_value() ? std::optional<MethodKey>(change.edit->key) : std::nullopt;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    PgUserChange user(tx, call, change.company, change.user);
    ASSIGN_OR_RETURN(const LockedUser locked, user.Lock(CouldUnmakeAdministrator(change), named));
    ASSIGN_OR_RETURN(const UserWrite write, decide(locked));
    return user.Write(write);
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

}  // namespace usher::auth
