// Forgetting what has been kept long enough, of all companies. A few rows at a time, so that nobody
// waits for it and no vacuum has to clean up after it at once.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/db/pool.h"

namespace usher::db {

// At most `most` idempotency keys that are older than their 24 hours; how many there were.
absl::StatusOr<int64_t> ForgetOldIdempotencyKeys(const CallContext& call, Pool& pool, int64_t most);

// At most `most` audit rows that are older than `retention`; how many there were.
absl::StatusOr<int64_t> ForgetOldAudit(const CallContext& call, Pool& pool,
                                       absl::Duration retention, int64_t most);

}  // namespace usher::db
