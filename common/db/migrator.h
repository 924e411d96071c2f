// Brings a database to the schema that this binary was built with.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/pool.h"

namespace usher::db {

struct Migration {
  std::string id;  // "room/0001_create_rooms"
  // Never edited once merged: its checksum is kept. With a line "-- additive", a server of the
  // release before may start on it as well, so that in a rolling upgrade one that crashed comes
  // back: it adds what that server does not look at.
  std::string sql;
};

// The tables that every service has (idempotency keys, audit), followed by `own`.
std::vector<Migration> WithShared(std::vector<Migration> own);

// Applies what is missing, each in a transaction of its own, under an advisory lock, so that two
// that start at once do it once. kFailedPrecondition when an applied one was edited or is unknown.
// Returns through `applied` how many were new.
absl::Status Migrate(Pool& pool, const std::vector<Migration>& migrations, int* applied);

// OK when all of `migrations` are applied, and of others only additive ones; kFailedPrecondition
// saying what to do.
absl::Status RequireCurrentSchema(Pool& pool, const std::vector<Migration>& migrations);

}  // namespace usher::db
