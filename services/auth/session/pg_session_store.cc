#include "services/auth/session/pg_session_store.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/method/revocation_log.h"
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

std::vector<std::string> HashesOf(absl::string_view in_hex) {
  std::vector<std::string> hashes;
  for (const absl::string_view hash : absl::StrSplit(in_hex, ' ', absl::SkipEmpty())) {
    hashes.push_back(absl::HexStringToBytes(hash));
  }
  return hashes;
}

// A server that keeps one hash leaves the others as they were: they count beside the one that they
// were written with.
std::vector<std::string> GoodHashesOf(const db::Row& row, int current, int all) {
  std::vector<std::string> hashes = HashesOf(row.View(all));
  const std::string last = row.Bytes(current);
  return !hashes.empty() && hashes.back() == last ? hashes : std::vector<std::string>{last};
}

std::vector<std::string> EndedHashesOf(const db::Row& row, int previous, int all) {
  if (row.IsNull(previous)) return {};
  std::vector<std::string> hashes = HashesOf(row.View(all));
  const std::string first = row.Bytes(previous);
  return !hashes.empty() && hashes.front() == first ? hashes : std::vector<std::string>{first};
}

// Sessions that go on in another company were begun with what can be linked.
KeyType OriginKeyTypeOf(const db::Row& row, int column) {
  const std::optional<KeyType> key_type = ParseKeyType(row.View(column));
  if (key_type.has_value()) return *key_type;
  throw std::invalid_argument(
      absl::StrCat("table sessions, column origin_key_type: no key type is ", row.View(column)));
}

// The columns of kFindSession and kLockSession.
SessionStanding StandingOf(const db::Row& row) {
  constexpr int kMethodBegins = 14;
  constexpr int kMethodEnds = kMethodBegins + kMethodColumns;
  SessionStanding standing;
  Session& session = standing.session;
  session.id = SessionId(row.Text(0));
  session.user = UserId(row.Text(1));
  session.principal = row.Text(4);
  session.base_user = UserId(row.Text(5));
  session.display_name = row.Text(6);
  session.granted = PermissionsOf(row, 7);
  session.good_hashes = GoodHashesOf(row, 8, 10);
  session.ended_hashes = EndedHashesOf(row, 9, 11);
  session.rotated_at = row.Micros(12);
  session.expires_at = row.Micros(13);
  standing.method.method = MethodOf(row, kMethodBegins);
  standing.method.user_status = static_cast<AccountStatus>(row.Int(kMethodEnds));
  standing.method.company_active = row.Int(kMethodEnds + 1) == kActiveCompany;
  if (!row.IsNull(kMethodEnds + 2)) {
    session.origin =
        SessionOrigin{.company = CompanyId(row.Text(kMethodEnds + 2)),
                      .method = {OriginKeyTypeOf(row, kMethodEnds + 3), row.Text(kMethodEnds + 4)}};
  }
  standing.linked = row.Bool(kMethodEnds + 5);
  standing.method.read_at = row.Micros(kMethodEnds + 6);
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
          db::Param::Bytes(session.good_hashes.back()),
          absl::ToInt64Microseconds(lifetime),
          call.rpc,
          call.request_id,
          call.peer,
          session.origin.has_value() ? db::Param(session.origin->company) : db::Param(std::nullopt),
          session.origin.has_value() ? db::Param(KeyTypeName(session.origin->method.key_type))
                                     : db::Param(std::nullopt),
          session.origin.has_value() ? db::Param(session.origin->method.principal_key)
                                     : db::Param(std::nullopt)};
}

// The columns of kOpenSession.
std::optional<Opened> OpenedOf(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Opened{.at = rows[0].Micros(0),
                .expires_at = rows[0].Micros(1),
                .linked = rows[0].Bool(2),
                .ended = {}};
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
       call.request_id, call.peer});
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
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindSession, {company, session}));
  if (rows.empty()) return std::optional<SessionStanding>();
  return std::optional<SessionStanding>(StandingOf(rows[0]));
}

absl::StatusOr<std::optional<Ended>> PgSessionStore::Rotate(const CallContext& call,
                                                            const CompanyId& company,
                                                            const SessionId& session,
                                                            const RotationRule& rule) {
  using Rotated = absl::StatusOr<std::optional<Ended>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Rotated {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockSession, {company, session}));
    if (rows.empty()) return std::optional<Ended>();
    const SessionStanding standing = StandingOf(rows[0]);
    const Rotation rotation = rule(standing);
    Ended ended;
    if (rotation.kind == Rotation::Kind::kReplace) {
      RETURN_IF_ERROR(Replace(tx, call, rotation.replacement));
    } else if (rotation.kind == Rotation::Kind::kEnd) {
      ASSIGN_OR_RETURN(ended, End(tx, call, standing.session, "a refresh token was used again"));
    }
    return std::optional<Ended>(std::move(ended));
  });
}

absl::StatusOr<std::optional<Opened>> PgSessionStore::Move(
    const CallContext& call, const CompanyId& company, const SessionId& session,
    const MoveRule& may, const Session& next, const Method& verified, absl::Duration lifetime) {
  using Result = absl::StatusOr<std::optional<Opened>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Result {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockSession, {company, session}));
    if (rows.empty()) return std::optional<Opened>();
    const SessionStanding standing = StandingOf(rows[0]);
    if (!may(standing)) return std::optional<Opened>();
    ASSIGN_OR_RETURN(const db::Rows made,
                     tx.Execute(sql::kOpenSession, OpeningParams(call, next, verified, lifetime)));
    std::optional<Opened> opened = OpenedOf(made);
    if (!opened.has_value()) return opened;
    ASSIGN_OR_RETURN(opened->ended,
                     End(tx, call, standing.session, "it goes on in another company"));
    return opened;
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
  std::vector<std::string> companies, key_types, principals, times;
  for (const MethodUse& use : uses) {
    companies.push_back(use.company.value());
    key_types.emplace_back(KeyTypeName(use.method.key_type));
    principals.push_back(use.method.principal_key);
    times.push_back(*db::Param(use.at).text());
  }
  return db::Execute(call, pool_, sql::kNoteUses,
                     {db::Param::Array(companies), db::Param::Array(key_types),
                      db::Param::Array(principals), db::Param::Array(times)})
      .status();
}

absl::Status PgSessionStore::ForgetUses(const CallContext& call, absl::Time horizon) {
  return db::Execute(call, pool_, sql::kForgetUses, {horizon}).status();
}

absl::Status PgSessionStore::ForgetExpired(const CallContext& call, absl::Time now) {
  return db::Execute(call, pool_, sql::kForgetSessions, {now}).status();
}

absl::StatusOr<bool> PgSessionStore::ForgetEnded(const CallContext& call) {
  ASSIGN_OR_RETURN(const db::Rows forgotten,
                   db::Execute(call, pool_, sql::kForgetEndedSessions, {}));
  if (forgotten.affected() > 0) return true;
  RETURN_IF_ERROR(db::Execute(call, pool_, sql::kForgetEndings, {}).status());
  return false;
}

}  // namespace usher::auth
