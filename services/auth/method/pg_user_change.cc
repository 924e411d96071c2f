#include "services/auth/method/pg_user_change.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/db/audit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_log.h"
#include "services/auth/method/user_revocations.h"

namespace usher::auth {
namespace {

// Of one method. Beyond that tokens go on until they are refreshed.
constexpr uint64_t kMostMovedSessions = 100;

std::vector<db::Param> KeyParams(const CompanyId& company, const MethodKey& key) {
  return {company, KeyTypeName(key.key_type), key.principal_key};
}

}  // namespace

absl::StatusOr<LockedUser> PgUserChange::Lock(bool could_unmake,
                                              const std::optional<MethodKey>& named) {
  LockedUser locked;
  if (could_unmake) {
    RETURN_IF_ERROR(tx_.Execute(sql::kLockCompany, {company_}).status());
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx_.Execute(sql::kFindOtherAdministrator, {company_, user_}));
    locked.other_administrator = rows[0].Bool(0);
  }
  ASSIGN_OR_RETURN(const db::Rows user, tx_.Execute(sql::kLockUser, {company_, user_}));
  if (user.empty()) return UserNotFound();
  locked.status = static_cast<AccountStatus>(user[0].Int(0));
  locked.now = user[0].Micros(1);
  ASSIGN_OR_RETURN(const db::Rows methods, tx_.Execute(sql::kLockMethodsOfUser, {company_, user_}));
  for (size_t i = 0; i < methods.size(); ++i) {
    locked.methods.push_back(MethodOf(methods[i]));
    locked.methods.back().sealed_secret = methods[i].Bytes(kMethodColumns);
  }
  if (named.has_value()) {
    std::vector<db::Param> params = KeyParams(company_, *named);
    params.emplace_back(user_);
    ASSIGN_OR_RETURN(const db::Rows others, tx_.Execute(sql::kFindMethodOfOther, params));
    locked.name_is_taken = !others.empty();
  }
  return locked;
}

absl::StatusOr<Ended> PgUserChange::Write(const UserWrite& write) {
  if (write.detail.empty()) return Ended();
  // Before they are over: what is to be told is read first.
  ASSIGN_OR_RETURN(
      const std::vector<RevocationDraft> drafts,
      Revoked(write, user_, [this](auto&&... asked) { return FindSessions(asked...); }));
  RETURN_IF_ERROR(EndSessions(write));
  if (write.status.has_value()) {
    RETURN_IF_ERROR(tx_.ExecuteOnRow(sql::kUpdateUserStatus,
                                     {company_, user_, static_cast<int32_t>(*write.status)}));
  }
  for (const MethodKey& key : write.removed) {
    RETURN_IF_ERROR(tx_.ExecuteOnRow(sql::kDeleteMethod, KeyParams(company_, key)));
    RETURN_IF_ERROR(DropReset(key));
  }
  if (write.inserted.has_value()) RETURN_IF_ERROR(InsertMethod(tx_, *write.inserted));
  if (write.overwritten.has_value()) RETURN_IF_ERROR(Overwrite(*write.overwritten));
  RETURN_IF_ERROR(db::Audit(tx_, call_, company_, AuditObject(user_), write.detail));
  ASSIGN_OR_RETURN(Ended ended, WriteRevocations(tx_, company_, drafts));
  ASSIGN_OR_RETURN(const Ended moved, RevokeMoved(write));
  ended.insert(ended.end(), moved.begin(), moved.end());
  return ended;
}

absl::Status PgUserChange::EndSessions(const UserWrite& write) {
  const bool keeps = !write.kept_session.empty();
  if (keeps) {
    ASSIGN_OR_RETURN(const db::Rows kept,
                     tx_.Execute(sql::kLockOwnSession, {company_, write.kept_session, user_}));
    if (kept.empty()) return NoSessionToKeep();
  }
  for (const SessionsWrite& sessions : write.sessions) {
    if (!sessions.over) continue;
    RETURN_IF_ERROR(
        tx_.Execute(sql::kEndSessionsOfMethod, KeyParams(company_, sessions.method)).status());
  }
  if (!keeps) return absl::OkStatus();
  ASSIGN_OR_RETURN(const db::Rows since,
                   tx_.Execute(sql::kFindSessionsSince, {company_, write.kept_session}));
  if (since.empty()) return NoSessionToKeep();
  return tx_.ExecuteOnRow(sql::kKeepSession, {company_, write.kept_session,
                                              since[0].Micros(0) + absl::Microseconds(1)});
}

// They are over already, since what they were begun with is: this is for the tokens that are out.
absl::StatusOr<Ended> PgUserChange::RevokeMoved(const UserWrite& write) {
  Ended all;
  for (const SessionsWrite& sessions : write.sessions) {
    if (!sessions.over) continue;
    std::vector<db::Param> params = KeyParams(company_, sessions.method);
    params.emplace_back(kMostMovedSessions);
    ASSIGN_OR_RETURN(const db::Rows moved, tx_.Execute(sql::kListMovedSessionsOfMethod, params));
    for (size_t i = 0; i < moved.size(); ++i) {
      const CompanyId company(moved[i].Text(0));
      const std::string session = moved[i].Text(1);
      // Back where it was begun.
      if (company == company_ && session == write.kept_session.value()) continue;
      ASSIGN_OR_RETURN(const Ended ended,
                       WriteRevocations(tx_, company,
                                        {{.kind = token::RevocationKind::kSession,
                                          .subject = session,
                                          .reason = token::RevocationReason::kSignedOut,
                                          .final = true}}));
      all.insert(all.end(), ended.begin(), ended.end());
    }
  }
  return all;
}

absl::Status PgUserChange::DropReset(const MethodKey& key) {
  if (key.key_type != KeyType::kPassword) return absl::OkStatus();
  return tx_.Execute(sql::kDropReset, {company_, key.principal_key}).status();
}

absl::Status PgUserChange::Overwrite(const Method& method) {
  // Dated where there is another one.
  if (method.secret_since.has_value()) RETURN_IF_ERROR(DropReset(method.key()));
  return tx_.ExecuteOnRow(
      sql::kUpdateMethod,
      {company_, KeyTypeName(method.key_type), method.principal_key,
       db::Param::Bytes(method.sealed_secret), method.permissions.mask(),
       static_cast<int32_t>(method.status), db::Param::Json(method.metadata), method.redirect_uri,
       method.display_name, method.secret_since, method.handed_since});
}

absl::StatusOr<std::vector<SessionId>> PgUserChange::FindSessions(const MethodKey& method,
                                                                  bool only_signing, size_t most) {
  std::vector<db::Param> params = KeyParams(company_, method);
  params.emplace_back(static_cast<uint64_t>(most));
  ASSIGN_OR_RETURN(const db::Rows rows, tx_.Execute(only_signing ? sql::kListSigningSessionsOfMethod
                                                                 : sql::kListSessionsOfMethod,
                                                    params));
  std::vector<SessionId> sessions;
  sessions.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) sessions.emplace_back(rows[i].Text(0));
  return sessions;
}

}  // namespace usher::auth
