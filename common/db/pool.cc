#include "common/db/pool.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/db/goodbye.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {

std::string SessionSettings(const PoolOptions& options) {
  return absl::StrCat(
      "SET TIME ZONE 'UTC'; SET client_min_messages TO warning; SET jit TO off; SET "
      "statement_timeout TO ",
      absl::ToInt64Milliseconds(options.statement_timeout),
      "; SET lock_timeout TO 2000; SET idle_in_transaction_session_timeout TO 15000");
}

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}

Pool::~Pool() = default;

absl::StatusOr<std::unique_ptr<Pool>> Pool::Open(PoolOptions options) {
  auto pool = std::make_unique<Pool>(std::move(options));
  CallContext start;
  start.deadline = absl::Now() + absl::Seconds(10);
  ASSIGN_OR_RETURN(const Lease lease, pool->Take(start));
  return pool;
}

absl::StatusOr<Pool::Lease> Pool::Take(const CallContext& call) {
  std::unique_ptr<pqxx::connection> connection;
  {
    const absl::MutexLock lock(&mutex_);
    const auto free = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return leased_ < options_.connections;
    };
    const absl::Time until = std::min(call.deadline, absl::Now() + options_.longest_wait);
    if (!mutex_.AwaitWithDeadline(absl::Condition(&free), until)) {
      if (absl::Now() >= call.deadline) return OutOfTime("waiting for a database connection");
      return Overloaded("database connections");
    }
    ++leased_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection == nullptr || SaidGoodbye(connection->sock())) {
    connection.reset();
    absl::StatusOr<std::unique_ptr<pqxx::connection>> opened = Connect();
    if (!opened.ok()) {
      Return(nullptr, true);
      return opened.status();
    }
    connection = *std::move(opened);
  }
  return Lease(*this, std::move(connection));
}

absl::StatusOr<std::unique_ptr<pqxx::connection>> Pool::Connect() const {
  try {
    auto connection = std::make_unique<pqxx::connection>(options_.url);
    // What the database says of a failure goes to the log: without the row and the statement.
    connection->set_verbosity(pqxx::connection_base::terse);
    pqxx::nontransaction session(*connection);
    session.exec(SessionSettings(options_));
    return connection;
  } catch (const std::exception& exception) {
    log::Warning("database connection failed", {{"error", exception.what()}});
    return Unreachable("the database");
  }
}

void Pool::Return(std::unique_ptr<pqxx::connection> connection, bool broken) {
  if (broken) connection.reset();  // closing may take a moment: not under the lock
  const absl::MutexLock lock(&mutex_);
  --leased_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
}

size_t Pool::in_use() const {
  const absl::MutexLock lock(&mutex_);
  return leased_;
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<pqxx::connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      broken_(other.broken_) {}

Pool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->Return(std::move(connection_), broken_);
}

}  // namespace usher::db
