// Statements and transactions, with failures as values.
#pragma once

#include <functional>
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
// batch's connection. Errors as in sql_error.h.
absl::StatusOr<Rows> Execute(const CallContext& call, Pool& pool, const Statement& statement,
                             const std::vector<Param>& params);

// A running transaction (READ COMMITTED); made by InTransaction only.
class Transaction {
 public:
  explicit Transaction(pqxx::transaction_base& work) : work_(work) {}

  absl::StatusOr<Rows> Execute(const Statement& statement, const std::vector<Param>& params);
  // Like Execute, where a change that touches no row means that something is wrong: kInternal.
  absl::Status ExecuteOnRow(const Statement& statement, const std::vector<Param>& params);

  bool connection_lost() const { return connection_lost_; }

 private:
  pqxx::transaction_base& work_;
  bool connection_lost_ = false;
};

namespace internal {
absl::Status RunInTransaction(const CallContext& call, Pool& pool,
                              const std::function<absl::Status(Transaction&)>& body);
}  // namespace internal

// Runs `body(Transaction&)`, which returns a Status or a StatusOr, and commits when that is OK,
// else rolls back. Run again, up to five times, when another transaction was in the way: the body
// must change nothing but the database. An OK answer means that the change is durable.
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
