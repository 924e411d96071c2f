#include "common/db/transaction.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/batch.h"
#include "common/db/brief_transaction.h"
#include "common/db/change_places.h"
#include "common/db/counters.h"
#include "common/db/idempotency.h"
#include "common/db/prepared.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr int kMostAttempts = 5;
constexpr char kConflict[] = "changes to the same thing at the same time";
// A statement ends by this much before its caller's time is up, so that the database's answer comes
// in time and the connection can be kept.
constexpr absl::Duration kForTheAnswer = absl::Milliseconds(20);

// Of calls that have no deadline.
constexpr absl::Duration kLongestLookUp = absl::Seconds(10);

absl::Status CheckTime(const CallContext& call) {
  if (call.IsCancelled()) return absl::CancelledError("the client went away");
  if (absl::Now() >= call.deadline) return OutOfTime("before the database was asked");
  return absl::OkStatus();
}

// Waits a few milliseconds, differently for each of those that got into each other's way.
void BackOff(int attempt) {
  absl::SleepFor(absl::Milliseconds(1 + randombytes_uniform(4u << attempt)));
}

// The limit goes with BEGIN in one message, and only where the session's own is longer than what is
// left of the call.
std::string BeginStatement(const CallContext& call, absl::Duration statement_timeout) {
  const absl::Duration left = call.deadline - absl::Now() - kForTheAnswer;
  if (left >= statement_timeout) return "BEGIN";
  return absl::StrCat("BEGIN; SET LOCAL statement_timeout TO ",
                      std::max<int64_t>(absl::ToInt64Milliseconds(left), 1));
}

// Committed, and perhaps lost with this server: no standby has it.
class NotOnAStandby : public pqxx::in_doubt_error {
 public:
  using pqxx::in_doubt_error::in_doubt_error;
};

// A transaction of libpqxx that never connects anew, and knows when a COMMIT is in doubt.
class Work : public pqxx::dbtransaction {
 public:
  Work(Connection& connection, std::string begin)
      : pqxx::internal::namedclass("transaction"),
        pqxx::dbtransaction(connection),
        session_(connection.session()),
        begin_(std::move(begin)) {
    Begin();
  }
  ~Work() override { End(); }

 private:
  void do_begin() override { direct_exec(begin_.c_str()); }

  void do_commit() override {
    // Whoever said goodbye before it was asked to commit has not committed.
    if (SaidGoodbye(session_.socket())) throw pqxx::broken_connection("said goodbye");
    session_.TakeWarning();
    try {
      direct_exec("COMMIT");
    } catch (const pqxx::statement_completion_unknown& exception) {
      throw pqxx::in_doubt_error(exception.what());
    } catch (const std::exception& exception) {
      if (session_.lost()) throw pqxx::in_doubt_error(exception.what());
      throw;  // the database said no
    }
    if (session_.TakeWarning()) throw NotOnAStandby("committed, but not on a standby");
  }

  Session& session_;
  const std::string begin_;
};

absl::Status StatusOf(const std::exception& exception, const char* statement, Pool::Lease& lease) {
  if (LosesConnection(exception)) lease.Discard();
  if (lease.cut_off()) return OutOfTime("waiting for the database");
  return StatusOfException(exception, statement);
}

// What became of a transaction.
struct Ran {
  absl::Status status;
  bool in_doubt = false;
  std::optional<std::string> bound_answer;  // by which it can be looked up
  std::vector<std::function<void()>> after_commit;
};

Ran RunOnce(const CallContext& call, Pool& pool, Pool::Lease& lease,
            const std::function<absl::Status(Transaction&)>& body) {
  Ran ran;
  try {
    Work work(lease.connection(), BeginStatement(call, pool.options().statement_timeout));
    Transaction tx(work, lease);
    ran.status = body(tx);
    // To a COMMIT after a failure PostgreSQL answers with a rollback, and no error.
    if (ran.status.ok()) ran.status = tx.failure();
    if (!ran.status.ok()) return ran;  // `work` rolls back as it ends
    ran.bound_answer = tx.bound_answer();
    ran.after_commit = tx.after_commit();
    work.commit();
  } catch (const NotOnAStandby&) {
    ran.status = InDoubt();
    ran.in_doubt = true;
    ran.bound_answer.reset();  // to look it up would say that it is there
  } catch (const pqxx::in_doubt_error&) {
    ran.status = InDoubt();
    ran.in_doubt = true;
  } catch (const std::exception& exception) {
    ran.status = StatusOf(exception, "transaction", lease);
  }
  return ran;
}

// Whether the transaction that bound the call's key to `answer` was committed.
absl::StatusOr<bool> WasCommitted(const CallContext& call, Pool& pool, const std::string& answer) {
  // Those that were opened before may have been lost the same way.
  ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(call, Pool::Age::kFresh));
  bool bound = false;
  const Ran ran = RunOnce(call, pool, lease, [&](Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(bound, IsKeyBound(tx, call, answer));
    return absl::CancelledError("it only looks, and leaves nothing behind");
  });
  if (!absl::IsCancelled(ran.status)) return ran.status;
  return bound;
}

// Of a COMMIT that was not answered. OK: it was made; kAborted: it was not, and can be no more.
absl::Status LookUp(const CallContext& call, Pool& pool, const std::string& answer) {
  ++TheCounters().looked_up;
  CallContext bounded = call;
  bounded.deadline = std::min(call.deadline, absl::Now() + kLongestLookUp);
  for (int attempt = 1; CheckTime(bounded).ok(); attempt = std::min(attempt + 1, kMostAttempts)) {
    const absl::StatusOr<bool> committed = WasCommitted(bounded, pool, answer);
    if (committed.ok()) return *committed ? absl::OkStatus() : absl::AbortedError("not committed");
    if (absl::IsInternal(committed.status())) break;
    BackOff(attempt);
  }
  return InDoubt();
}

absl::Status TakePlace(const CallContext& call, const Pool& pool,
                       std::optional<ChangePlaces::Place>* place) {
  ASSIGN_OR_RETURN(ChangePlaces::Place taken,
                   TheChangePlaces().Take(call, MostChanges(pool.size())));
  place->emplace(std::move(taken));
  return absl::OkStatus();
}

enum class Commit { kMayHang, kWaitsForNobody };

absl::Status RunUntilDone(const CallContext& call, Pool& pool, Commit commit,
                          const std::function<absl::Status(Transaction&)>& body) {
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    RETURN_IF_ERROR(CheckTime(call));
    Ran ran;
    {
      // Left behind the lease: whoever gets it finds a connection.
      std::optional<ChangePlaces::Place> place;
      if (commit == Commit::kMayHang) RETURN_IF_ERROR(TakePlace(call, pool, &place));
      ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(call));
      ran = RunOnce(call, pool, lease, body);
    }
    if (ran.in_doubt && ran.bound_answer.has_value()) {
      ran.status = LookUp(call, pool, *ran.bound_answer);
      ran.in_doubt = absl::IsDeadlineExceeded(ran.status);
    }
    if (ran.in_doubt) ++TheCounters().in_doubt;
    if (ran.status.ok() || ran.in_doubt) {
      for (const std::function<void()>& then : ran.after_commit) then();
    }
    if (!absl::IsAborted(ran.status)) return ran.status;
    BackOff(attempt);
  }
  return Overloaded(kConflict);
}

absl::StatusOr<Rows> ExecuteOnce(Pool::Lease& lease, const Statement& statement,
                                 const std::vector<const char*>& values) {
  Session& session = lease.connection().session();
  session.TakeWarning();
  bool sent = false;
  bool in_doubt = false;
  absl::StatusOr<Rows> answer = absl::InternalError("not executed");
  try {
    pqxx::nontransaction work(lease.connection());
    answer = Rows(ExecutePrepared(work, statement, values, &sent));
    in_doubt = session.TakeWarning();
  } catch (const std::exception& exception) {
    answer = StatusOf(exception, statement.name, lease);
    in_doubt = sent && session.lost();
  }
  if (!in_doubt || !statement.Changes()) return answer;
  ++TheCounters().in_doubt;
  return InDoubt();
}

}  // namespace

absl::StatusOr<Rows> Execute(const CallContext& call, Pool& pool, const Statement& statement,
                             const std::vector<Param>& params) {
  RETURN_IF_ERROR(CheckTime(call));
  if (Batch* batch = Batch::Current()) {
    if (batch->database() != pool.options().url) {
      return absl::InternalError(absl::StrCat(statement.name, ": the batch is another database's"));
    }
    return batch->Ask(statement, params, call.deadline);
  }
  ASSIGN_OR_RETURN(const std::vector<const char*> values, ValuesOf(params, statement.name));
  std::optional<ChangePlaces::Place> place;
  if (statement.Changes()) RETURN_IF_ERROR(TakePlace(call, pool, &place));
  ASSIGN_OR_RETURN(Pool::Lease lease, pool.Take(call));
  absl::StatusOr<Rows> answer = ExecuteOnce(lease, statement, values);
  if (absl::IsAborted(answer.status())) answer = ExecuteOnce(lease, statement, values);
  if (absl::IsAborted(answer.status())) return Overloaded(kConflict);
  return answer;
}

absl::StatusOr<Rows> Transaction::Execute(const Statement& statement,
                                          const std::vector<Param>& params) {
  absl::StatusOr<Rows> answer = Send(statement, params);
  if (failure_.ok()) failure_ = answer.status();
  return answer;
}

absl::StatusOr<Rows> Transaction::Send(const Statement& statement,
                                       const std::vector<Param>& params) {
  ASSIGN_OR_RETURN(const std::vector<const char*> values, ValuesOf(params, statement.name));
  bool sent = false;
  try {
    return Rows(ExecutePrepared(work_, statement, values, &sent));
  } catch (const std::exception& exception) {
    return StatusOf(exception, statement.name, lease_);
  }
}

absl::Status Transaction::ExecuteOnRow(const Statement& statement,
                                       const std::vector<Param>& params) {
  ASSIGN_OR_RETURN(const Rows rows, Execute(statement, params));
  if (rows.affected() > 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(statement.name, " touched no row"));
}

absl::Status InBriefTransaction(const CallContext& call, Pool& pool,
                                const std::function<absl::Status(Transaction&)>& body) {
  return RunUntilDone(call, pool, Commit::kWaitsForNobody, body);
}

namespace internal {

absl::Status RunInTransaction(const CallContext& call, Pool& pool,
                              const std::function<absl::Status(Transaction&)>& body) {
  return RunUntilDone(call, pool, Commit::kMayHang, body);
}

}  // namespace internal
}  // namespace usher::db
