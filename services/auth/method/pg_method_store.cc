#include "services/auth/method/pg_method_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/mail/pg_mail_rows.h"
#include "services/auth/method/last_use.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/pg_open_links.h"
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

// Pending resets that a list looks at: more than anybody reads.
constexpr uint64_t kMostResets = 10000;

struct KeyColumns {
  std::vector<std::string> companies, key_types, principal_keys;
};

struct ResetColumns {
  std::vector<std::string> companies, principal_keys, expiries;
};

KeyColumns KeysOf(const std::vector<MethodStanding>& standings) {
  KeyColumns columns;
  for (const MethodStanding& standing : standings) {
    columns.companies.push_back(standing.method.company.value());
    columns.key_types.emplace_back(KeyTypeName(standing.method.key_type));
    columns.principal_keys.push_back(standing.method.principal_key);
  }
  return columns;
}

absl::Status AddUses(const CallContext& call, db::Pool& pool, std::vector<Method>* methods) {
  std::set<std::string> companies, principal_keys;
  for (const Method& method : *methods) {
    companies.insert(method.company.value());
    principal_keys.insert(method.principal_key);
  }
  if (companies.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(call, pool, sql::kListUses,
                  {db::Param::Array(std::vector<std::string>(companies.begin(), companies.end())),
                   db::Param::Array(
                       std::vector<std::string>(principal_keys.begin(), principal_keys.end()))}));
  std::map<std::tuple<std::string, std::string, std::string>, absl::Time> uses;
  for (size_t i = 0; i < rows.size(); ++i) {
    uses[{rows[i].Text(0), rows[i].Text(1), rows[i].Text(2)}] = rows[i].Micros(3);
  }
  for (Method& method : *methods) {
    const auto used = uses.find(
        {method.company.value(), std::string(KeyTypeName(method.key_type)), method.principal_key});
    if (used != uses.end()) ShowLastUse(used->second, &method);
  }
  return absl::OkStatus();
}

absl::StatusOr<ResetColumns> FindResets(const CallContext& call, db::Pool& pool,
                                        const MethodFilter& filter) {
  ResetColumns columns;
  const bool wanted = std::find(filter.key_types.begin(), filter.key_types.end(),
                                KeyType::kPasswordReset) != filter.key_types.end();
  if (!wanted) return columns;
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool, sql::kListResets,
                                                    {db::Param::Array(filter.companies),
                                                     filter.only_user, filter.now, kMostResets}));
  for (size_t i = 0; i < rows.size(); ++i) {
    columns.companies.push_back(rows[i].Text(0));
    columns.principal_keys.push_back(rows[i].Text(1));
    columns.expiries.push_back(*db::Param(rows[i].Micros(2)).text());
  }
  return columns;
}

// As kListMethods has them.
absl::Status AddResets(const CallContext& call, db::Pool& pool, const CompanyId& company,
                       const UserId& user, absl::Time now, std::vector<Method>* methods) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(call, pool, sql::kListResets,
                  {db::Param::Array(std::vector<CompanyId>{company}), user, now, kMostResets}));
  for (size_t i = 0; i < rows.size(); ++i) {
    const MethodKey password{KeyType::kPassword, rows[i].Text(1)};
    const auto found = std::find_if(methods->begin(), methods->end(),
                                    [&](const Method& method) { return method.key() == password; });
    if (found == methods->end()) continue;
    Method reset;
    reset.company = company;
    reset.key_type = KeyType::kPasswordReset;
    reset.principal = found->principal;
    reset.principal_key = found->principal_key;
    reset.user = user;
    reset.created_at = rows[i].Micros(2);
    reset.expires_at = reset.created_at;
    reset.metadata = {{"expiry", absl::StrCat(absl::ToUnixSeconds(reset.created_at))}};
    methods->push_back(std::move(reset));
  }
  return absl::OkStatus();
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
  RETURN_IF_ERROR(AddUses(call, pool_, &methods));
  RETURN_IF_ERROR(AddResets(call, pool_, company, user, now, &methods));
  return methods;
}

absl::StatusOr<MethodPage> PgMethodStore::List(const CallContext& call,
                                               const MethodFilter& filter) {
  const std::optional<MethodFilter::Switching>& switching = filter.eligible_for_switch;
  std::vector<MethodStanding> linked;
  if (switching.has_value()) {
    ASSIGN_OR_RETURN(linked, ReadOpenLinks(call, pool_, switching->company, switching->session,
                                           filter.only_user));
  }
  const KeyColumns linked_keys = KeysOf(linked);
  ASSIGN_OR_RETURN(const ResetColumns resets, FindResets(call, pool_, filter));
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(call, pool_, sql::kListMethods,
                  {db::Param::Array(filter.companies), filter.only_user, switching.has_value(),
                   db::Param::Array(filter.principal_keys), db::Param::Array(filter.users),
                   db::Param::Array(Numbers(filter.statuses)),
                   db::Param::Array(Names(filter.key_types)), filter.now, filter.limit,
                   filter.offset, filter.most_sessions, static_cast<uint64_t>(filter.most_bytes),
                   switching.has_value() ? switching->company : CompanyId(),
                   db::Param::Array(linked_keys.companies), db::Param::Array(linked_keys.key_types),
                   db::Param::Array(linked_keys.principal_keys), db::Param::Array(resets.companies),
                   db::Param::Array(resets.principal_keys), db::Param::Array(resets.expiries)}));
  if (!rows[0].Bool(1)) return ReplyTooLarge();
  MethodPage page;
  page.users = static_cast<uint64_t>(rows[0].Int(0));
  for (size_t i = 0; i < rows.size(); ++i) {
    // The one row that there always is, where the page is empty.
    if (!rows[i].IsNull(2)) page.methods.push_back(MethodOf(rows[i], 2));
  }
  RETURN_IF_ERROR(AddUses(call, pool_, &page.methods));
  return page;
}

absl::StatusOr<std::optional<UserId>> PgMethodStore::FindMade(const CallContext& call) {
  ASSIGN_OR_RETURN(const std::optional<std::string> answer, db::FindAnswer(call, pool_));
  if (!answer.has_value()) return std::optional<UserId>();
  return std::optional<UserId>(UserId(*answer));
}

absl::StatusOr<UserId> PgMethodStore::InsertUserWithMethod(const CallContext& call,
                                                           const Method& method,
                                                           const std::optional<MailDraft>& mail) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<UserId> {
    ASSIGN_OR_RETURN(const std::string answer,
                     db::BindIdempotencyKey(tx, call, method.user.value()));
    if (answer != method.user.value()) return UserId(answer);
    RETURN_IF_ERROR(ShareActiveCompany(tx, method.company));
    ASSIGN_OR_RETURN(const bool made, InsertUser(tx, method.company, method.user));
    if (!made) return UserExists();
    RETURN_IF_ERROR(InsertMethod(tx, method));
    if (mail.has_value()) RETURN_IF_ERROR(QueueMail(tx, *mail));
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
    if (change.edit.has_value() && change.edit->mail.has_value()) {
      RETURN_IF_ERROR(QueueMail(tx, *change.edit->mail));
    }
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

absl::StatusOr<Ended> PgMethodStore::EndGuest(const CallContext& call, const CompanyId& company,
                                              const UserId& guest) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    ASSIGN_OR_RETURN(const db::Rows ended,
                     tx.Execute(sql::kDeleteSessionsOfGuest, {company, guest}));
    std::vector<RevocationDraft> drafts;
    for (size_t i = 0; i < ended.size(); ++i) {
      drafts.push_back({.kind = token::RevocationKind::kSession,
                        .subject = ended[i].Text(0),
                        .reason = token::RevocationReason::kSignedOut,
                        .final = true});
    }
    drafts.push_back({.kind = token::RevocationKind::kUser,
                      .subject = guest.value(),
                      .reason = token::RevocationReason::kSignedOut,
                      .final = false});
    RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(guest), "all sessions ended"));
    return WriteRevocations(tx, company, drafts);
  });
}

}  // namespace usher::auth
