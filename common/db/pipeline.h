// One connection on which the statements of several calls travel together.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/pool_options.h"
#include "common/db/round.h"
#include "common/db/session.h"

namespace usher::db {

// Not thread-safe. Connects when it is first needed, and again after it lost its connection.
//
// libpq's pipeline mode (PostgreSQL manual, 34.5): all statements go out in one write, the server
// runs them one after the other in one transaction, and all answers come back in one read: one
// round trip and, where something changes, one flush of the write-ahead log for all of them.
class Pipeline {
 public:
  explicit Pipeline(PoolOptions options) : options_(std::move(options)) {}

  // Answers all questions, each no later than its deadline and as soon as its answer is known;
  // `answered` is called for each. Each is answered as if it had been alone: one that fails takes
  // no other one with it, since those are run again, once, in a transaction each. An answer means
  // that the change is durable. Errors as in sql_error.h, without kAborted: Overloaded, when
  // another change was in the way twice; InDoubt for a change when the connection is lost, or its
  // time is up, while nobody knows whether it was made.
  void Ask(std::vector<Question*> questions, Round::Answered answered);

  const PoolOptions& options() const { return options_; }

 private:
  // All: an error of the connection, after which nothing more can be asked.
  absl::Status Answer(Round& round);
  absl::Status Connect(Round& round);
  absl::Status Prepare(Round& round);
  absl::Status AskTogether(Round& round);
  absl::Status TakeTogether(Round& round, const std::vector<Round::Place*>& asked);
  absl::Status AskEach(Round& round);
  absl::Status TakeOne(Round& round, Round::Place& place);
  absl::Status Send(const Round::Place& place);
  absl::Status SendLimits(const Round::Place& place, absl::Duration lock_timeout);
  absl::Status SendSync();
  // The result of a statement, which may be an error.
  absl::StatusOr<Result> Take(Round& round);
  // The result of a Sync. What the database says to it: OK when all that came before is durable;
  // `warned`, when it may yet be lost with this server.
  absl::Status TakeSync(Round& round, absl::Status* said, bool* warned);
  absl::Status Judge(const PGresult* result, const char* statement);

  const PoolOptions options_;
  std::unique_ptr<Session> session_;
  bool spent_ = false;  // the session is not to be used for another round
  std::set<std::string, std::less<>> prepared_;
};

}  // namespace usher::db
