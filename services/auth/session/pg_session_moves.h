// Where sessions are that went on in another company, as the table of moves has it.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/transaction.h"
#include "services/auth/session/session.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// So that whoever shows a refresh token of `session` is found to be no longer where it was.
absl::Status NoteMove(db::Transaction& tx, const Session& session, const Session& next);

// Where a session that moved is now, if it belongs to whoever asks.
absl::StatusOr<std::optional<SessionPlace>> FindMoved(db::Transaction& tx, const CompanyId& company,
                                                      const SessionId& session,
                                                      const MovedRule& belongs);

}  // namespace usher::auth
