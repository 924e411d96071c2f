#include "services/auth/session/pg_session_moves.h"

#include "common/status/try.h"
#include "services/auth/session/session_sql.h"

namespace usher::auth {

absl::Status NoteMove(db::Transaction& tx, const Session& session, const Session& next) {
  const SessionPlace first = session.first.value_or(SessionPlace{session.company, session.id});
  const bool is_first = !session.first.has_value();
  RETURN_IF_ERROR(
      tx.Execute(sql::kInsertMovedSession,
                 {session.company, session.id, session.user, KeyTypeName(session.method.key_type),
                  session.method.principal_key, first.company, first.session,
                  is_first ? db::Param(next.company) : db::Param(std::nullopt),
                  is_first ? db::Param(next.id) : db::Param(std::nullopt), session.expires_at})
          .status());
  if (is_first) return absl::OkStatus();
  // None where its company is gone: then all that was begun there is over.
  return tx
      .Execute(sql::kForwardFirstSession, {first.company, first.session, next.company, next.id})
      .status();
}

absl::StatusOr<std::optional<SessionPlace>> FindMoved(db::Transaction& tx, const CompanyId& company,
                                                      const SessionId& session,
                                                      const MovedRule& belongs) {
  ASSIGN_OR_RETURN(const db::Rows moved, tx.Execute(sql::kFindMovedSession, {company, session}));
  if (moved.empty()) return std::optional<SessionPlace>();
  const std::optional<KeyType> key_type = ParseKeyType(moved[0].View(1));
  const bool own = key_type.has_value() && belongs({.user = UserId(moved[0].Text(0)),
                                                    .method = {*key_type, moved[0].Text(2)}});
  if (!own) return std::optional<SessionPlace>();
  ASSIGN_OR_RETURN(const db::Rows first,
                   tx.Execute(sql::kFindMovedSession, {moved[0].Text(3), moved[0].Text(4)}));
  if (first.empty() || first[0].IsNull(5)) return std::optional<SessionPlace>();
  return std::optional<SessionPlace>({CompanyId(first[0].Text(5)), SessionId(first[0].Text(6))});
}

}  // namespace usher::auth
