#include "services/auth/session/pg_session_rows.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/try.h"
#include "services/auth/method/pg_method_rows.h"
#include "services/auth/session/session_sql.h"

namespace usher::auth {
namespace {

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
constexpr int kMethodBegins = 14;
constexpr int kMethodEnds = kMethodBegins + kMethodColumns;
constexpr int kBegunAt = kMethodEnds + 6;
constexpr int kFirst = kMethodEnds + 7;
constexpr int kReadAt = kMethodEnds + 9;

SessionStanding StandingOf(const db::Row& row) {
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
  standing.linked = row.Bool(kMethodEnds + 2);
  if (!row.IsNull(kMethodEnds + 3)) {
    session.origin =
        SessionOrigin{.company = CompanyId(row.Text(kMethodEnds + 3)),
                      .method = {OriginKeyTypeOf(row, kMethodEnds + 4), row.Text(kMethodEnds + 5)}};
  }
  if (!row.IsNull(kFirst)) {
    session.first = SessionPlace{CompanyId(row.Text(kFirst)), SessionId(row.Text(kFirst + 1))};
  }
  standing.method.read_at = row.Micros(kReadAt);
  session.company = standing.method.method.company;
  session.method = standing.method.method.key();
  return standing;
}

}  // namespace

absl::StatusOr<std::optional<SessionStanding>> ReadSession(const ExecuteSql& execute,
                                                           const db::Statement& statement,
                                                           const CompanyId& company,
                                                           const SessionId& session) {
  ASSIGN_OR_RETURN(const db::Rows rows, execute(statement, {company, session}));
  if (rows.empty()) return std::optional<SessionStanding>();
  SessionStanding standing = StandingOf(rows[0]);
  if (const std::optional<SessionOrigin>& origin = standing.session.origin; origin.has_value()) {
    ASSIGN_OR_RETURN(
        const db::Rows begun,
        execute(sql::kFindOrigin, {origin->company, KeyTypeName(origin->method.key_type),
                                   origin->method.principal_key, rows[0].Micros(kBegunAt)}));
    if (begun.empty()) return std::optional<SessionStanding>();
  }
  return std::optional<SessionStanding>(std::move(standing));
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
                                     : db::Param(std::nullopt),
          call.user_agent,
          session.first.has_value() ? db::Param(session.first->company) : db::Param(std::nullopt),
          session.first.has_value() ? db::Param(session.first->session) : db::Param(std::nullopt)};
}

std::optional<Opened> OpenedOf(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Opened{.at = rows[0].Micros(0),
                .expires_at = rows[0].Micros(1),
                .linked = rows[0].Bool(2),
                .ended = {}};
}

}  // namespace usher::auth
