// One connection on which the statements of several calls travel together.
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/param.h"
#include "common/db/pool.h"
#include "common/db/rows.h"
#include "common/db/statement.h"

namespace usher::db {

// A statement that somebody waits for, and then its answer.
struct Question {
  const Statement* statement = nullptr;
  const std::vector<Param>* params = nullptr;
  absl::Time deadline = absl::InfiniteFuture();  // until when somebody waits
  absl::StatusOr<Rows> answer = absl::InternalError("not asked");
};

// Not thread-safe. Connects when it is first needed, and again after it lost its connection.
//
// libpq's pipeline mode (PostgreSQL manual, 34.5): all statements go out in one write, the server
// runs them one after the other in one transaction, and all answers come back in one read: one
// round trip and, where something changes, one flush of the write-ahead log for all of them.
class Pipeline {
 public:
  explicit Pipeline(PoolOptions options) : options_(std::move(options)) {}

  // Fills in all answers. Each question is answered as if it had been alone: one that fails takes
  // no other one with it, since the others are run again without it. An answer means that the
  // change is durable. Errors as in sql_error.h; when the connection is lost, all of them get it,
  // and changes that were on their way are InDoubt.
  void Ask(std::vector<Question*> questions);

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  using Result = std::shared_ptr<PGresult>;

  absl::Status Connect();
  absl::Status Prepare(std::vector<Question*>* questions);
  // All: kUnavailable or kDeadlineExceeded when the connection is lost, else OK.
  absl::Status AskPrepared(std::vector<Question*> questions);
  absl::Status AskTogether(const std::vector<Question*>& questions, Question** failed);
  absl::Status TakeAnswers(const std::vector<Question*>& questions, Question** failed);
  absl::Status Send(const Question& question);
  // Waits for the next result; null at the end of a statement's results.
  absl::StatusOr<Result> Next(absl::Time deadline);
  absl::Status WaitForSocket(bool to_send, absl::Time deadline);

  const PoolOptions options_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::set<std::string, std::less<>> prepared_;
};

}  // namespace usher::db
