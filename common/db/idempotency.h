// Calls that may be repeated: the same caller, rpc and idempotency-key get the first answer for 24
// hours (docs/contract.md, "Retries").
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/pool.h"
#include "common/db/transaction.h"

namespace usher::db {

// Binds the call's key to `answer` (the ID of what is being created), in the transaction that
// creates it. Returns `answer` when the key is new or the call has none: go on. Returns the first
// call's answer when it was used before: create nothing and answer that. ACTION_INVALID when it was
// used with another request. Two at once: the later one waits for the earlier.
absl::StatusOr<std::string> BindIdempotencyKey(Transaction& tx, const CallContext& call,
                                               const std::string& answer);

// The first call's answer, for who wants to look before anything else that may have changed since.
// Nothing when the key is new or the call has none; it is not bound by this. ACTION_INVALID when it
// was used with another request.
absl::StatusOr<std::optional<std::string>> FindAnswer(const CallContext& call, Pool& pool);

// Whether the call's key is bound to `answer` for good. Waits for a transaction that has bound it
// and is still on its way, also when that one's connection is gone: it tries to bind the key
// itself, for which PostgreSQL waits. `tx` is to be rolled back.
absl::StatusOr<bool> IsKeyBound(Transaction& tx, const CallContext& call,
                                const std::string& answer);

// Releases the call's key: what it was bound to did not come about.
absl::Status ReleaseIdempotencyKey(Transaction& tx, const CallContext& call);

}  // namespace usher::db
