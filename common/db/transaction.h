// Statements and transactions, with failures as values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/db/param.h"
#include "common/db/pool.h"
#include "common/db/rows.h"
#include "common/db/statement.h"

namespace pqxx {
class transaction_base;
}

namespace usher::db {

// One statement by itself, without BEGIN and COMMIT (half the cost): a read, or a change that one
// statement makes. Inside a Batch it goes out together with those of the other calls, on the
// batch's connection, which is one to the same database. Errors as in sql_error.h, but kAborted:
// run again once, then Overloaded.
absl::StatusOr<Rows> Execute(const CallContext& call, Pool& pool, const Statement& statement,
                             const std::vector<Param>& params);

// A running transaction (READ COMMITTED); made by InTransaction only.
class Transaction {
 public:
  Transaction(pqxx::transaction_base& work, Pool::Lease& lease) : work_(work), lease_(lease) {}

  // Once one has failed, the transaction is not committed, whatever the body returns.
  absl::StatusOr<Rows> Execute(const Statement& statement, const std::vector<Param>& params);
  // Like Execute, where a change that touches no row means that something is wrong: kInternal.
  absl::Status ExecuteOnRow(const Statement& statement, const std::vector<Param>& params);

  // What the first statement that failed said; OK as long as none has.
  const absl::Status& failure() const { return failure_; }

  // The call's idempotency key is bound to `answer`: by it a COMMIT can be looked up of which
  // nobody knows how it ended.
  void NoteBoundKey(std::string answer) { bound_answer_ = std::move(answer); }
  const std::optional<std::string>& bound_answer() const { return bound_answer_; }

  // Done once others can see what was written, or where nobody knows whether they can; not where it
  // was rolled back. It must wait for nothing, and what it needs must outlive InTransaction.
  void AfterCommit(std::function<void()> then) { after_commit_.push_back(std::move(then)); }
  const std::vector<std::function<void()>>& after_commit() const { return after_commit_; }

 private:
  absl::StatusOr<Rows> Send(const Statement& statement, const std::vector<Param>& params);

  pqxx::transaction_base& work_;
  Pool::Lease& lease_;
  absl::Status failure_;
  std::optional<std::string> bound_answer_;
  std::vector<std::function<void()>> after_commit_;
};

namespace internal {
absl::Status RunInTransaction(const CallContext& call, Pool& pool,
                              const std::function<absl::Status(Transaction&)>& body);
}  // namespace internal

// Runs `body(Transaction&)`, which returns a Status or a StatusOr, and commits when that is OK,
// else rolls back. Run again, up to five times, when another transaction was in the way, or when it
// is known not to have been committed: the body must change nothing but the database. An OK answer
// means that the change is durable. Where a COMMIT was not answered: what became of it is looked up
// when the body has bound the call's idempotency key, else the answer is InDoubt.
template <class Body>
auto InTransaction(const CallContext& call, Pool& pool, Body body)
    -> std::invoke_result_t<Body, Transaction&> {
  using Result = std::invoke_result_t<Body, Transaction&>;
  if constexpr (std::is_same_v<Result, absl::Status>) {
    return internal::RunInTransaction(call, pool, body);
  } else {
    Result result = absl::InternalError("the transaction did not run");
    absl::Status status =
        internal::RunInTransaction(call, pool, [&](Transaction& tx) -> absl::Status {
          result = body(tx);
          return result.status();
        });
    if (!status.ok()) return status;
    return result;
  }
}

}  // namespace usher::db
