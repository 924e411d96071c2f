// Which database, and how long anything may take there.
#pragma once

#include <cstddef>
#include <string>

#include "absl/time/time.h"

namespace usher::db {

struct PoolOptions {
  // libpq: "host=... dbname=..." or a URI; what it leaves open is filled in by ConnInfo.
  std::string url;
  size_t connections = 8;
  absl::Duration statement_timeout = absl::Seconds(5);     // of each statement, COMMIT excepted
  absl::Duration longest_wait = absl::Milliseconds(2000);  // for a free connection
  // A connection that was idle for longer is not used again: what stands between us and the
  // database may have forgotten it, and the first change on it would be in doubt.
  absl::Duration longest_idle = absl::Seconds(60);
};

}  // namespace usher::db
