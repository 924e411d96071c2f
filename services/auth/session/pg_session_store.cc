#include "services/auth/session/pg_session_store.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_log.h"
#include "services/auth/session/session_sql.h"

namespace usher::auth {
namespace {

constexpr int64_t kActiveCompany = 1;

PermissionSet PermissionsOf(const db::Row& row, int column) {
  return PermissionSet::FromMask(static_cast<uint32_t>(row.Int(column)));
}

// The columns of kFindSession and kLockSession.
SessionStanding StandingOf(const db::Row& row) {
  constexpr int kMethodBegins = 12;
  constexpr int kMethodEnds = kMethodBegins + kMethodColumns;
  SessionStanding standing;
  Session& session = standing.session;
  session.id = SessionId(row.Text(0));
  session.user = UserId(row.Text(1));
  session.principal = row.Text(4);
  session.base_user = UserId(row.Text(5));
  session.display_name = row.Text(6);
  session.granted = PermissionsOf(row, 7);
  session.current_hash = row.Bytes(8);
  session.previous_hash = row.Bytes(9);
  session.rotated_at = row.Micros(10);
  session.expires_at = row.Micros(11);
  standing.method.method = MethodOf(row, kMethodBegins);
  standing.method.user_status = static_cast<AccountStatus>(row.Int(kMethodEnds));
  standing.method.company_active = row.Int(kMethodEnds + 1) == kActiveCompany;
  standing.method.read_at = row.Micros(kMethodEnds + 2);
  session.company = standing.method.method.company;
  session.method = standing.method.method.key();
  return standing;
}

std::vector<db::Param> OpeningParams(const CallContext& call, const Session& session,
                                     const Method& verified, absl::Duration lifetime) {
  return {session.company,
          KeyTypeName(session.method.key_type),
          session.method.principal_key,
          db::Param::Bytes(verified.sealed_secret),
          session.id,
          session.user,
          session.base_user,
          session.principal,
          session.display_name,
          session.granted.mask(),
          db::Param::Bytes(session.current_hash),
          absl::ToInt64Microseconds(lifetime),
          call.rpc,
          call.request_id,
          call.peer};
}

// The columns of kOpenSession.
std::optional<Opened> OpenedOf(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Opened{.at = rows[0].Micros(0), .expires_at = rows[0].Micros(1), .ended = {}};
}

std::vector<Ending> EndingsOf(const db::Rows& ids) {
  std::vector<Ending> endings;
  for (size_t i = 0; i < ids.size(); ++i) {
    endings.push_back({.kind = token::RevocationKind::kSession,
                       .subject = ids[i].Text(0),
                       .reason = token::RevocationReason::kSignedOut,
                       .final = true});
  }
  return endings;
}

absl::Status Rotate(db::Transaction& tx, const CallContext& call, const Session& session) {
  return tx.ExecuteOnRow(sql::kRotateSession,
                         {session.company, session.id, db::Param::Bytes(session.current_hash),
                          session.previous_hash.empty() ? db::Param(std::nullopt)
                                                        : db::Param::Bytes(session.previous_hash),
                          session.rotated_at, call.rpc, call.request_id, call.peer});
}

absl::StatusOr<Ended> End(db::Transaction& tx, const CallContext& call, const Session& session) {
  RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kEndSession, {session.company, session.id}));
  RETURN_IF_ERROR(db::Audit(tx, call, session.company, absl::StrCat("session ", session.id.value()),
                            "ended: a refresh token was used again"));
  return WriteRevocations(tx, session.company,
                          {{.kind = token::RevocationKind::kSession,
                            .subject = session.id.value(),
                            .reason = token::RevocationReason::kSignedOut,
                            .final = true}});
}

}  // namespace

absl::StatusOr<std::optional<Opened>> PgSessionStore::Open(const CallContext& call,
                                                           const Session& session,
                                                           const Method& verified,
                                                           absl::Duration lifetime) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kOpenSession,
                               OpeningParams(call, session, verified, lifetime)));
  return OpenedOf(rows);
}

absl::StatusOr<std::optional<Opened>> PgSessionStore::OpenAlone(const CallContext& call,
                                                                const Session& session,
                                                                const Method& verified,
                                                                absl::Duration lifetime) {
  using Result = absl::StatusOr<std::optional<Opened>>;
  const absl::Status changed = absl::AlreadyExistsError("the method has changed");
  Result result = db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Result {
    const std::vector<db::Param> method = {session.company, KeyTypeName(session.method.key_type),
                                           session.method.principal_key};
    RETURN_IF_ERROR(tx.Execute(sql::kLockMethodForOpening, method).status());
    ASSIGN_OR_RETURN(const db::Rows others, tx.Execute(sql::kDeleteSessionsOfMethod, method));
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.Execute(sql::kOpenSession, OpeningParams(call, session, verified, lifetime)));
    std::optional<Opened> opened = OpenedOf(rows);
    // A failure, so that the deletion is rolled back.
    if (!opened.has_value()) return changed;
    ASSIGN_OR_RETURN(opened->ended, WriteRevocations(tx, session.company, EndingsOf(others)));
    return opened;
  });
  if (result.status() == changed) return std::optional<Opened>();
  return result;
}

absl::StatusOr<std::optional<SessionStanding>> PgSessionStore::Find(const CallContext& call,
                                                                    const CompanyId& company,
                                                                    const SessionId& session) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindSession, {company, session}));
  if (rows.empty()) return std::optional<SessionStanding>();
  return std::optional<SessionStanding>(StandingOf(rows[0]));
}

absl::StatusOr<std::optional<Ended>> PgSessionStore::Renew(const CallContext& call,
                                                           const CompanyId& company,
                                                           const SessionId& session,
                                                           const RenewalRule& rule) {
  using Renewed = absl::StatusOr<std::optional<Ended>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Renewed {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockSession, {company, session}));
    if (rows.empty()) return std::optional<Ended>();
    const SessionStanding standing = StandingOf(rows[0]);
    const Renewal renewal = rule(standing);
    Ended ended;
    if (renewal.kind == Renewal::Kind::kReplace) {
      RETURN_IF_ERROR(Rotate(tx, call, renewal.replacement));
    } else if (renewal.kind == Renewal::Kind::kEnd) {
      ASSIGN_OR_RETURN(ended, End(tx, call, standing.session));
    }
    return std::optional<Ended>(std::move(ended));
  });
}

absl::StatusOr<std::optional<SigningTarget>> PgSessionStore::FindSigningTarget(
    const CallContext& call, const CompanyId& company, const UserId& user) {
  constexpr int kMethodBegins = 4;
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindSigningTarget, {company, user}));
  if (rows.empty()) return std::optional<SigningTarget>();
  const db::Row row = rows[0];
  SigningTarget target;
  target.standing.status = static_cast<AccountStatus>(row.Int(0));
  target.standing.company_active = row.Int(1) == kActiveCompany;
  target.standing.held = PermissionsOf(row, 2);
  target.standing.methods = static_cast<AccountStatus>(row.Int(3));
  if (!row.IsNull(kMethodBegins)) target.guest_access = MethodOf(row, kMethodBegins);
  target.read_at = row.Micros(kMethodBegins + kMethodColumns);
  return std::optional<SigningTarget>(std::move(target));
}

absl::Status PgSessionStore::ForgetExpired(const CallContext& call, absl::Time now) {
  return db::Execute(call, pool_, sql::kForgetSessions, {now}).status();
}

}  // namespace usher::auth
