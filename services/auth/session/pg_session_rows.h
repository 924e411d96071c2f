// Sessions as their rows have them.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/db/param.h"
#include "common/db/rows.h"
#include "common/db/statement.h"
#include "services/auth/method/method.h"
#include "services/auth/session/session.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// Executes a statement: by itself, or in a transaction.
using ExecuteSql =
    std::function<absl::StatusOr<db::Rows>(const db::Statement&, const std::vector<db::Param>&)>;

// What kFindSession or kLockSession finds (session_sql.h), which is `statement`. Nothing when there
// is no such session, or it is over: also because those of the method are that it was begun with in
// another company. Throws, as Row does, where a column holds what no session has.
absl::StatusOr<std::optional<SessionStanding>> ReadSession(const ExecuteSql& execute,
                                                           const db::Statement& statement,
                                                           const CompanyId& company,
                                                           const SessionId& session);

// The parameters of kOpenSession, and what it answers: nothing where the method has changed.
std::vector<db::Param> OpeningParams(const CallContext& call, const Session& session,
                                     const Method& verified, absl::Duration lifetime);
std::optional<Opened> OpenedOf(const db::Rows& rows);

}  // namespace usher::auth
