#include "common/db/pool.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr absl::Duration kLongestStart = absl::Seconds(10);
constexpr absl::Duration kLockTimeout = absl::Seconds(2);

}  // namespace

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}

Pool::~Pool() = default;

absl::StatusOr<std::unique_ptr<Pool>> Pool::Open(PoolOptions options) {
  auto pool = std::make_unique<Pool>(std::move(options));
  const absl::Time end = absl::Now() + kLongestStart;
  ASSIGN_OR_RETURN(std::unique_ptr<Session> first,
                   OpenOwnSession(pool->options_, kLockTimeout, [end] { return end; }));
  if (first == nullptr) return pool;
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, pool->Wrap(std::move(first)));
  connection->session().PutAside();
  const absl::MutexLock lock(&pool->mutex_);
  pool->idle_.push_back(std::move(connection));
  return pool;
}

absl::StatusOr<Pool::Lease> Pool::Take(const CallContext& call, Age age) {
  RETURN_IF_ERROR(AwaitPlace(call));
  std::unique_ptr<Connection> connection = TakeIdle(age);
  if (connection == nullptr) {
    absl::StatusOr<std::unique_ptr<Connection>> opened = Connect(call.deadline);
    if (!opened.ok()) {
      Return(nullptr, true);
      return opened.status();
    }
    connection = *std::move(opened);
  }
  return Lease(*this, std::move(connection), call.deadline);
}

absl::Status Pool::AwaitPlace(const CallContext& call) {
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
  return absl::OkStatus();
}

// Closing may take a moment: not under the lock.
std::unique_ptr<Connection> Pool::TakeIdle(Age age) {
  std::vector<std::unique_ptr<Connection>> unwanted;
  std::unique_ptr<Connection> connection;
  {
    const absl::MutexLock lock(&mutex_);
    // A fresh one takes the place of the oldest: no more than `connections` of them.
    size_t drop = age == Age::kFresh && !idle_.empty() ? 1 : 0;
    while (drop < idle_.size() && idle_[drop]->session().Idle() > options_.longest_idle) ++drop;
    const auto kept = idle_.begin() + static_cast<std::ptrdiff_t>(drop);
    std::move(idle_.begin(), kept, std::back_inserter(unwanted));
    idle_.erase(idle_.begin(), kept);
    if (age == Age::kAny && !idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection != nullptr && !connection->session().IsUsable(options_.longest_idle)) {
    return nullptr;
  }
  return connection;
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Connect(absl::Time deadline) {
  absl::StatusOr<std::unique_ptr<Session>> session =
      Session::Open(options_, kLockTimeout, [deadline] { return deadline; });
  if (!session.ok()) {
    if (absl::IsDeadlineExceeded(session.status())) return session.status();
    if (!absl::IsUnavailable(session.status())) {
      log::Error("no work with this database", {{"error", session.status().message()}});
    }
    return Unreachable("the database");
  }
  return Wrap(*std::move(session));
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Wrap(std::unique_ptr<Session> session) {
  try {
    return std::make_unique<Connection>(std::move(session), watchdog_);
  } catch (const std::exception& exception) {
    log::Warning("database connection failed", {{"error", exception.what()}});
    return Unreachable("the database");
  }
}

void Pool::Return(std::unique_ptr<Connection> connection, bool broken) {
  if (broken) connection.reset();  // closing may take a moment: not under the lock
  if (connection != nullptr) connection->session().PutAside();
  const absl::MutexLock lock(&mutex_);
  --leased_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
}

size_t Pool::in_use() const {
  const absl::MutexLock lock(&mutex_);
  return leased_;
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection, absl::Time deadline)
    : pool_(&pool), connection_(std::move(connection)) {
  connection_->watch().Start(deadline);
}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      broken_(other.broken_) {}

Pool::Lease::~Lease() {
  if (pool_ == nullptr) return;
  connection_->watch().Stop();
  const bool broken = broken_ || cut_off() || connection_->session().lost();
  pool_->Return(std::move(connection_), broken);
}

}  // namespace usher::db
