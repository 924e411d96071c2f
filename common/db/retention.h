// Forgetting what has been kept long enough, of all companies. A few rows at a time, so that nobody
// waits for it and no vacuum has to clean up after it at once.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/db/param.h"
#include "common/db/pool.h"
#include "common/db/statement.h"

namespace usher::db {

// What `forget` deletes, at most `most` rows; how many there were. `find` ($1: `most`, then `age`)
// names companies that have something to forget; `forget` ($1: one of them, $2: how many rows, then
// `age`) deletes what the company has: rows can be locked, and told apart by their place, within a
// company alone (docs/scale-out.md).
absl::StatusOr<int64_t> ForgetByCompany(const CallContext& call, Pool& pool, const Statement& find,
                                        const Statement& forget, int64_t most,
                                        const std::vector<Param>& age);

// At most `most` idempotency keys that are older than their 24 hours; how many there were.
absl::StatusOr<int64_t> ForgetOldIdempotencyKeys(const CallContext& call, Pool& pool, int64_t most);

// At most `most` audit rows that are older than `retention`; how many there were.
absl::StatusOr<int64_t> ForgetOldAudit(const CallContext& call, Pool& pool,
                                       absl::Duration retention, int64_t most);

}  // namespace usher::db
