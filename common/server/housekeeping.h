// Deletes what no service needs any more from the tables that all of them have.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/repeating.h"
#include "common/db/pool.h"

namespace usher::server {

// A thread that looks once a minute. Any number of replicas may do it at once.
class Housekeeping {
 public:
  // Audit rows older than `audit_retention` go; zero: they stay for ever. `registry` may be null.
  Housekeeping(db::Pool& pool, absl::Duration audit_retention, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // One round: idempotency keys past their 24 hours, and audit rows.
  absl::Status CleanUp();

 private:
  db::Pool& pool_;
  const absl::Duration audit_retention_;
  Repeating repeating_;
};

}  // namespace usher::server
