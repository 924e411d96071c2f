// What is under way, for the operator who asks a server's program (--sagas).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/migrator.h"
#include "common/db/pool.h"
#include "common/saga/saga.h"
#include "common/saga/saga_table.h"

namespace usher::saga {

// Prints what stands in the table of sagas, the oldest first, on standard output; nothing secret is
// in it. The database has to be of this program's schema (`own`). Errors: Pool::Open,
// RequireCurrentSchema, sql_error.h.
absl::Status PrintSagas(const db::PoolOptions& options, std::vector<db::Migration> own,
                        const Names& names);

// What it prints of these: a line each below a line of headings, in columns.
std::string TableOf(const std::vector<UnderWay>& sagas, const Names& names);

}  // namespace usher::saga
