#include "services/auth/session/pg_session_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_log.h"
#include "services/auth/session/pg_session_moves.h"
#include "services/auth/session/pg_session_rows.h"
#include "services/auth/session/session_sql.h"

namespace usher::auth {
namespace {

// Hashes as the table keeps them where there is more than one.
std::string InHex(const std::vector<std::string>& hashes) {
  if (hashes.size() < 2) return "";
  return absl::StrJoin(hashes, " ", [](std::string* out, const std::string& hash) {
    absl::StrAppend(out, absl::BytesToHexString(hash));
  });
}

absl::StatusOr<std::optional<SessionStanding>> Lock(db::Transaction& tx, const CompanyId& company,
                                                    const SessionId& session) {
  return ReadSession(
      [&tx](const db::Statement& statement, const std::vector<db::Param>& params) {
        return tx.Execute(statement, params);
      },
      sql::kLockSession, company, session);
}

std::vector<RevocationDraft> DraftsOf(const db::Rows& ids) {
  std::vector<RevocationDraft> drafts;
  for (size_t i = 0; i < ids.size(); ++i) {
    drafts.push_back({.kind = token::RevocationKind::kSession,
                      .subject = ids[i].Text(0),
                      .reason = token::RevocationReason::kSignedOut,
                      .final = true});
  }
  return drafts;
}

absl::Status Replace(db::Transaction& tx, const CallContext& call, const Session& session) {
  return tx.ExecuteOnRow(
      sql::kRotateSession,
      {session.company, session.id, db::Param::Bytes(session.good_hashes.back()),
       session.ended_hashes.empty() ? db::Param(std::nullopt)
                                    : db::Param::Bytes(session.ended_hashes.front()),
       InHex(session.good_hashes), InHex(session.ended_hashes), session.rotated_at, call.rpc,
       call.request_id, call.peer, call.user_agent});
}

absl::StatusOr<Ended> End(db::Transaction& tx, const CallContext& call, const Session& session,
                          absl::string_view why) {
  RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kEndSession, {session.company, session.id}));
  RETURN_IF_ERROR(db::Audit(tx, call, session.company, absl::StrCat("session ", session.id.value()),
                            absl::StrCat("ended: ", why)));
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
    ASSIGN_OR_RETURN(opened->ended, WriteRevocations(tx, session.company, DraftsOf(others)));
    return opened;
  });
  if (result.status() == changed) return std::optional<Opened>();
  return result;
}

absl::StatusOr<size_t> PgSessionStore::Count(const CallContext& call, const CompanyId& company,
                                             const MethodKey& method, size_t at_most) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kCountSessions,
                               {company, KeyTypeName(method.key_type), method.principal_key,
                                static_cast<uint64_t>(at_most)}));
  return static_cast<size_t>(rows[0].Int(0));
}

absl::StatusOr<Ended> PgSessionStore::EndOldest(const CallContext& call, const CompanyId& company,
                                                const MethodKey& method, size_t kept) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    ASSIGN_OR_RETURN(const db::Rows ids,
                     tx.Execute(sql::kDeleteOldestSessions,
                                {company, KeyTypeName(method.key_type), method.principal_key,
                                 static_cast<uint64_t>(kept)}));
    if (ids.empty()) return Ended();
    RETURN_IF_ERROR(db::Audit(tx, call, company,
                              absl::StrCat(KeyTypeName(method.key_type), " method"),
                              absl::StrCat(ids.size(), " oldest sessions ended")));
    return WriteRevocations(tx, company, DraftsOf(ids));
  });
}

absl::StatusOr<std::optional<SessionStanding>> PgSessionStore::Find(const CallContext& call,
                                                                    const CompanyId& company,
                                                                    const SessionId& session) {
  return ReadSession(
      [&](const db::Statement& statement, const std::vector<db::Param>& params) {
        return db::Execute(call, pool_, statement, params);
      },
      sql::kFindSession, company, session);
}

absl::StatusOr<std::optional<Ended>> PgSessionStore::Rotate(const CallContext& call,
                                                            const CompanyId& company,
                                                            const SessionId& session,
                                                            const RotationRule& rule) {
  using Rotated = absl::StatusOr<std::optional<Ended>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Rotated {
    ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing, Lock(tx, company, session));
    if (!standing.has_value()) return std::optional<Ended>();
    const Rotation rotation = rule(*standing);
    Ended ended;
    if (rotation.kind == Rotation::Kind::kReplace) {
      RETURN_IF_ERROR(Replace(tx, call, rotation.replacement));
    } else if (rotation.kind == Rotation::Kind::kEnd) {
      ASSIGN_OR_RETURN(ended, End(tx, call, standing->session, "a refresh token was used again"));
    }
    return std::optional<Ended>(std::move(ended));
  });
}

absl::StatusOr<std::optional<Opened>> PgSessionStore::Move(
    const CallContext& call, const CompanyId& company, const SessionId& session,
    const MoveRule& may, const Session& next, const Method& verified, absl::Duration lifetime) {
  using Result = absl::StatusOr<std::optional<Opened>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Result {
    ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing, Lock(tx, company, session));
    if (!standing.has_value()) return std::optional<Opened>();
    if (!may(*standing)) return std::optional<Opened>();
    ASSIGN_OR_RETURN(const db::Rows made,
                     tx.Execute(sql::kOpenSession, OpeningParams(call, next, verified, lifetime)));
    std::optional<Opened> opened = OpenedOf(made);
    if (!opened.has_value()) return opened;
    RETURN_IF_ERROR(NoteMove(tx, standing->session, next));
    ASSIGN_OR_RETURN(opened->ended,
                     End(tx, call, standing->session, "it goes on in another company"));
    return opened;
  });
}

absl::StatusOr<Ended> PgSessionStore::EndMoved(const CallContext& call, const CompanyId& company,
                                               const SessionId& session, const MovedRule& belongs) {
  // It may move on while its session is being locked: then it is looked for once more.
  constexpr int kTries = 8;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<Ended> {
    for (int i = 0; i < kTries; ++i) {
      ASSIGN_OR_RETURN(const std::optional<SessionPlace> now,
                       FindMoved(tx, company, session, belongs));
      if (!now.has_value()) return Ended();
      ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                       Lock(tx, now->company, now->session));
      if (standing.has_value()) {
        return End(tx, call, standing->session, "a refresh token from before it moved was used");
      }
      ASSIGN_OR_RETURN(const std::optional<SessionPlace> later,
                       FindMoved(tx, company, session, belongs));
      if (!later.has_value() || later->session == now->session) return Ended();
    }
    return Overloaded("moves of the same session at the same time");
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

absl::Status PgSessionStore::NoteUses(const CallContext& call, const std::vector<MethodUse>& uses) {
  struct Columns {
    std::vector<std::string> key_types, principals, times;
  };
  std::map<CompanyId, Columns> by_company;
  for (const MethodUse& use : uses) {
    Columns& columns = by_company[use.company];
    columns.key_types.emplace_back(KeyTypeName(use.method.key_type));
    columns.principals.push_back(use.method.principal_key);
    columns.times.push_back(*db::Param(use.at).text());
  }
  for (const auto& [company, columns] : by_company) {
    RETURN_IF_ERROR(
        db::Execute(call, pool_, sql::kNoteUses,
                    {company, db::Param::Array(columns.key_types),
                     db::Param::Array(columns.principals), db::Param::Array(columns.times)})
            .status());
  }
  return absl::OkStatus();
}

absl::Status PgSessionStore::ForgetUses(const CallContext& call, absl::Time horizon) {
  return db::Execute(call, pool_, sql::kForgetUses, {horizon}).status();
}

absl::Status PgSessionStore::ForgetExpired(const CallContext& call, absl::Time now) {
  RETURN_IF_ERROR(db::Execute(call, pool_, sql::kForgetMoved, {now}).status());
  return db::Execute(call, pool_, sql::kForgetSessions, {now}).status();
}

absl::StatusOr<bool> PgSessionStore::ForgetEnded(const CallContext& call) {
  constexpr uint64_t kEndings = 100;
  constexpr uint64_t kSessions = 1000;
  ASSIGN_OR_RETURN(const db::Rows endings, db::Execute(call, pool_, sql::kListEndings, {kEndings}));
  for (size_t i = 0; i < endings.size(); ++i) {
    const db::Row row = endings[i];
    std::vector<db::Param> ending = {row.Text(0), row.Text(1), row.Text(2), row.Micros(3)};
    std::vector<db::Param> piece = ending;
    piece.emplace_back(kSessions);
    ASSIGN_OR_RETURN(const db::Rows forgotten,
                     db::Execute(call, pool_, sql::kForgetEndedSessions, piece));
    if (forgotten.affected() == kSessions) return true;
    RETURN_IF_ERROR(db::Execute(call, pool_, sql::kForgetMovedSessions, ending).status());
    RETURN_IF_ERROR(db::Execute(call, pool_, sql::kForgetEnding, ending).status());
  }
  return endings.size() == kEndings;
}

}  // namespace usher::auth
