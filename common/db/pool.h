// A bounded pool of connections to one database.
#pragma once

#include <cstdint>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"

namespace usher::db {

struct PoolOptions {
  std::string url;  // libpq: "host=... dbname=..." or a URI
  size_t connections = 8;
  absl::Duration statement_timeout = absl::Seconds(5);     // of each statement, COMMIT excepted
  absl::Duration longest_wait = absl::Milliseconds(2000);  // for a free connection
};

// What every connection begins with: SET statements for zone, time-outs, and what is logged.
std::string SessionSettings(const PoolOptions& options);

// Thread-safe. Connections are opened when they are first needed and thrown away when they break,
// so that a database that comes back is used again without anybody's help.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();  // all leases must have ended

  // Opens one connection: a wrong URL or a missing database ends the start, not the first call.
  static absl::StatusOr<std::unique_ptr<Pool>> Open(PoolOptions options);

  // A connection for as long as the lease lives. Hold it for one statement or one transaction,
  // never while hashing, mailing or asking another service.
  class Lease {
   public:
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    pqxx::connection& connection() { return *connection_; }
    void Discard() { broken_ = true; }  // it is not to be used again

   private:
    friend class Pool;
    Lease(Pool& pool, std::unique_ptr<pqxx::connection> connection);
    Pool* pool_;
    std::unique_ptr<pqxx::connection> connection_;
    bool broken_ = false;
  };

  // Waits no longer than the call's deadline: OutOfTime, Overloaded; Unreachable without a
  // database.
  absl::StatusOr<Lease> Take(const CallContext& call);

  size_t in_use() const;
  size_t size() const { return options_.connections; }
  const PoolOptions& options() const { return options_; }

 private:
  void Return(std::unique_ptr<pqxx::connection> connection, bool broken);
  absl::StatusOr<std::unique_ptr<pqxx::connection>> Connect() const;

  const PoolOptions options_;
  mutable absl::Mutex mutex_;
  size_t leased_ ABSL_GUARDED_BY(mutex_) = 0;
  // The one used last is taken first: its caches are warm.
  std::vector<std::unique_ptr<pqxx::connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::db
