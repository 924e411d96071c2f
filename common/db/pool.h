// A bounded pool of connections to one database.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/db/connection.h"
#include "common/db/pool_options.h"
#include "common/db/watchdog.h"

namespace usher::db {

// Thread-safe. Connections are opened when they are first needed and thrown away when they break,
// so that a database that comes back is used again without anybody's help.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();  // all leases must have ended

  // Opens one connection, within 10 seconds: a wrong URL or a missing database ends the start, not
  // the first call, and so does a database or a pooler with which we cannot work. The first call
  // gets that connection. Errors as in Session::Open and OpenOwnSession.
  static absl::StatusOr<std::unique_ptr<Pool>> Open(PoolOptions options);

  // A connection for as long as the lease lives. Hold it for one statement or one transaction,
  // never while hashing, mailing or asking another service. At the call's deadline the connection
  // is cut off, whoever waits for it, and not used again.
  class Lease {
   public:
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& connection() { return *connection_; }
    bool cut_off() const { return connection_->watch().cut_off(); }
    void Discard() { broken_ = true; }  // it is not to be used again

   private:
    friend class Pool;
    Lease(Pool& pool, std::unique_ptr<Connection> connection, absl::Time deadline);
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    bool broken_ = false;
  };

  // kFresh: none that was opened before.
  enum class Age { kAny, kFresh };
  // Waits no longer than the call's deadline: OutOfTime, Overloaded; Unreachable without a
  // database.
  absl::StatusOr<Lease> Take(const CallContext& call, Age age = Age::kAny);

  size_t in_use() const;
  size_t size() const { return options_.connections; }
  const PoolOptions& options() const { return options_; }

 private:
  absl::Status AwaitPlace(const CallContext& call);
  std::unique_ptr<Connection> TakeIdle(Age age);
  absl::StatusOr<std::unique_ptr<Connection>> Connect(absl::Time deadline);
  absl::StatusOr<std::unique_ptr<Connection>> Wrap(std::unique_ptr<Session> session);
  void Return(std::unique_ptr<Connection> connection, bool broken);

  const PoolOptions options_;
  Watchdog watchdog_;
  mutable absl::Mutex mutex_;
  size_t leased_ ABSL_GUARDED_BY(mutex_) = 0;
  // In the order of their last use. The one used last is taken first: its caches are warm.
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::db
