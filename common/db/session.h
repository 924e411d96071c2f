// One connection to the database, as everything here begins with it: connected, and its settings
// pinned.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/pool_options.h"
#include "common/db/socket_wait.h"

namespace usher::db {

class ConnInfo;
struct Host;

using Result = std::shared_ptr<PGresult>;

// What stands under Pool (transactions, with libpqxx) and Pipeline (batches, with libpq). Not
// thread-safe.
class Session {
 public:
  // Tries one host and address after the other. OutOfTime when the waiting was ended; Unreachable
  // without a database; kInvalidArgument for a URL that is none; kFailedPrecondition for a database
  // with which we cannot work (a release before 15, an encoding other than UTF8).
  static absl::StatusOr<std::unique_ptr<Session>> Open(const PoolOptions& options,
                                                       absl::Duration lock_timeout, Until until);
  ~Session();  // never waits
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // For sending. It is non-blocking; libpqxx wants it otherwise.
  PGconn* connection() { return connection_; }
  void MakeBlocking() { PQsetnonblocking(connection_, 0); }
  int socket() const { return PQsocket(connection_); }
  // Nothing more will come, and of what was sent nobody knows what became of it.
  bool lost() const { return PQstatus(connection_) != CONNECTION_OK; }

  // The next result of what was sent; null at the end of a statement's results.
  absl::StatusOr<Result> Next(Until until);
  // Runs statements that take no parameters, and waits for the last one's result.
  absl::StatusOr<Result> Ask(const std::string& sql, Until until);

  // A session is put aside after use, and looked at before it is used again.
  void PutAside();
  bool IsUsable(absl::Duration longest_idle) const;
  absl::Duration Idle() const;

  // Whether the database has warned, since this was last asked, that what was committed may not
  // last: the wait for a synchronous standby was given up (PostgreSQL manual, 27.2.8).
  bool TakeWarning();

 private:
  explicit Session(PGconn* connection) : connection_(connection) {}
  static absl::StatusOr<std::unique_ptr<Session>> OpenAt(const ConnInfo& info, const Host& host,
                                                         const std::string& settings, Until until);
  absl::Status Connect(Until until);
  absl::Status RequireOurKind() const;
  static void Receive(void* session, const PGresult* notice);

  PGconn* const connection_;
  bool warned_ = false;
  absl::Time put_aside_ = absl::InfinitePast();
};

// What every connection begins with: SET statements for all on which our reading of values and our
// bounds rely, whatever role, database and configuration file say.
std::string SessionSettings(const PoolOptions& options, absl::Duration lock_timeout);

// A session that is ours from one transaction to the next, as it is without a pooler, and behind
// one in session mode; kFailedPrecondition behind one in transaction mode, which would take
// settings and prepared statements away. Null behind a pooler: there the session is spent on the
// question.
absl::StatusOr<std::unique_ptr<Session>> OpenOwnSession(const PoolOptions& options,
                                                        absl::Duration lock_timeout, Until until);

// Of a result: whether the statement was carried out; else, its error as in StatusOfSqlState. Where
// the error says that the session is at its end, it is no answer to a statement: a pooler says the
// same when it has lost a database that may have done what it was asked.
bool IsAnswer(const PGresult* result);
std::string SqlState(const PGresult* result);
absl::Status StatusOfResult(const PGresult* result, const char* statement);
bool EndsSession(const PGresult* result);

}  // namespace usher::db
