// Deleting what a company has in a service, once it has been destroyed: in pieces, each a statement
// of its own, so that nobody waits for it and any call may go on where another one stopped.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "common/db/pool.h"
#include "common/db/statement.h"

namespace usher::db {

// How many rows a piece touches at most.
inline constexpr int64_t kClearedAtOnce = 5000;

// Of each table of the service, in the order in which they can be emptied: a statement that touches
// at most $2 rows of the company $1, until it finds none. Then what all services keep beside their
// own: sagas, idempotency keys, audit rows. True when nothing is left; false when `for_long` was
// over before. Errors: sql_error.h.
absl::StatusOr<bool> ClearCompany(const CallContext& call, Pool& pool, const CompanyId& company,
                                  const std::vector<const Statement*>& tables,
                                  absl::Duration for_long = absl::Seconds(1));

}  // namespace usher::db
