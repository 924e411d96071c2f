#include "common/db/transaction.h"

#include <sodium.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/batch.h"
#include "common/db/prepared.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr int kMostAttempts = 5;

absl::Status CheckTime(const CallContext& call) {
  if (call.IsCancelled()) return absl::CancelledError("the client went away");
  if (absl::Now() >= call.deadline) return OutOfTime("before the database was asked");
  return absl::OkStatus();
}

// Waits a few milliseconds, differently for each of those that got into each other's way.
void BackOff(int attempt) {
  absl::SleepFor(absl::Milliseconds(1 + randombytes_uniform(4u << attempt)));
}

absl::Status RunOnce(Pool::Lease& lease, const std::function<absl::Status(Transaction&)>& body) {
  try {
    pqxx::work work(lease.connection());
    Transaction tx(work);
    const absl::Status status = body(tx);
    if (tx.connection_lost()) lease.Discard();
    if (!status.ok()) return status;  // `work` rolls back as it ends
    work.commit();
    return absl::OkStatus();
  } catch (const std::exception& exception) {
    if (LosesConnection(exception)) lease.Discard();
    return StatusOfException(exception, "transaction");
  }
}

}  // namespace

absl::StatusOr<Rows> Execute(const CallContext& call, Pool& pool, const Statement& statement,
                             const std::vector<Param>& params) {
  RETURN_IF_ERROR(CheckTime(call));
  if (Batch* batch = Batch::Current()) return batch->Ask(statement, params, call.deadline);
  ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(call));
  try {
    pqxx::nontransaction work(lease.connection());
    return Rows(ExecutePrepared(work, statement, params));
  } catch (const std::exception& exception) {
    const bool lost = LosesConnection(exception);
    if (lost) lease.Discard();
    return lost && statement.Changes() ? InDoubt() : StatusOfException(exception, statement.name);
  }
}

absl::StatusOr<Rows> Transaction::Execute(const Statement& statement,
                                          const std::vector<Param>& params) {
  try {
    return Rows(ExecutePrepared(work_, statement, params));
  } catch (const std::exception& exception) {
    if (LosesConnection(exception)) connection_lost_ = true;
    return StatusOfException(exception, statement.name);
  }
}

absl::Status Transaction::ExecuteOnRow(const Statement& statement,
                                       const std::vector<Param>& params) {
  ASSIGN_OR_RETURN(const Rows rows, Execute(statement, params));
  if (rows.affected() > 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(statement.name, " touched no row"));
}

namespace internal {

absl::Status RunInTransaction(const CallContext& call, Pool& pool,
                              const std::function<absl::Status(Transaction&)>& body) {
  absl::Status status;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    RETURN_IF_ERROR(CheckTime(call));
    {
      ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(call));
      status = RunOnce(lease, body);
    }
    if (!absl::IsAborted(status)) return status;
    BackOff(attempt);
  }
  return Overloaded("changes to the same thing at the same time");
}

}  // namespace internal
}  // namespace usher::db
