#include "common/db/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/conninfo.h"
#include "common/db/counters.h"
#include "common/db/resolve.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

constexpr int kOldestServer = 150000;  // PostgreSQL 15
constexpr char kEncoding[] = "UTF8";

std::string ErrorField(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

// A name to look up, an address, or what libpq finds by itself (the folder of a socket).
absl::StatusOr<std::vector<std::string>> AddressesOf(const Host& host, Until until) {
  const bool left_to_libpq = !host.hostaddr.empty() || host.host.empty() ||
                             host.host.front() == '/' || host.host.front() == '@';
  if (left_to_libpq) return std::vector<std::string>{host.hostaddr};
  return Resolve(host.host, until);
}

void LogFailure(const Host& host, const std::string& error) {
  ++TheCounters().failed_connects;
  log::Warning("database connection failed",
               {{"host", host.host}, {"address", host.hostaddr}, {"error", error}});
}

}  // namespace

std::string SqlState(const PGresult* result) { return ErrorField(result, PG_DIAG_SQLSTATE); }

bool IsAnswer(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

absl::Status StatusOfResult(const PGresult* result, const char* statement) {
  return StatusOfSqlState(SqlState(result), ErrorField(result, PG_DIAG_MESSAGE_PRIMARY), statement);
}

bool EndsSession(const PGresult* result) {
  if (PQresultStatus(result) != PGRES_FATAL_ERROR) return false;  // nor what was skipped
  const std::string severity = ErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string state = SqlState(result);
  return severity == "FATAL" || severity == "PANIC" || state.empty() ||
         absl::StartsWith(state, "08");
}

std::string SessionSettings(const PoolOptions& options, absl::Duration lock_timeout) {
  return absl::StrCat(
      "SET client_encoding TO 'UTF8'; SET standard_conforming_strings TO on; "
      "SET bytea_output TO hex; SET TIME ZONE 'UTC'; SET DateStyle TO ISO; "
      "SET IntervalStyle TO postgres; SET default_transaction_isolation TO 'read committed'; "
      "SET client_min_messages TO warning; SET jit TO off; SET statement_timeout TO ",
      absl::ToInt64Milliseconds(options.statement_timeout), "; SET lock_timeout TO ",
      absl::ToInt64Milliseconds(lock_timeout),
      "; SET idle_in_transaction_session_timeout TO 15000");
}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const PoolOptions& options,
                                                       absl::Duration lock_timeout, Until until) {
  ASSIGN_OR_RETURN(const ConnInfo info, ConnInfo::Parse(options.url));
  const std::string settings = SessionSettings(options, lock_timeout);
  absl::Status failure = Unreachable("the database");
  for (Host host : info.hosts()) {
    absl::Time patience = absl::Now() + info.connect_timeout();
    const absl::StatusOr<std::vector<std::string>> addresses =
        AddressesOf(host, [&] { return std::min(until(), patience); });
    if (!addresses.ok()) {
      if (absl::Now() >= until()) return OutOfTime("connecting to the database");
      continue;
    }
    for (const std::string& address : *addresses) {
      host.hostaddr = address;
      patience = absl::Now() + info.connect_timeout();
      absl::StatusOr<std::unique_ptr<Session>> session =
          OpenAt(info, host, settings, [&] { return std::min(until(), patience); });
      if (session.ok()) {
        ++TheCounters().connects;
        return session;
      }
      if (absl::IsFailedPrecondition(session.status())) failure = session.status();
      if (absl::Now() >= until()) return OutOfTime("connecting to the database");
    }
  }
  return failure;
}

absl::StatusOr<std::unique_ptr<Session>> Session::OpenAt(const ConnInfo& info, const Host& host,
                                                         const std::string& settings, Until until) {
  PGconn* const connection = info.Start(host);
  if (connection == nullptr) return Unreachable("the database");  // no memory
  std::unique_ptr<Session> session(new Session(connection));
  absl::Status status = session->Connect(until);
  if (absl::IsDeadlineExceeded(status)) {
    LogFailure(host, "no answer in time");
    return status;
  }
  if (!status.ok()) {
    LogFailure(host, PQerrorMessage(connection));
    return status;
  }
  status = session->RequireOurKind();
  if (status.ok()) status = session->Ask(settings, until).status();
  if (!status.ok()) LogFailure(host, std::string(status.message()));
  return status.ok() ? absl::StatusOr<std::unique_ptr<Session>>(std::move(session)) : status;
}

// As PostgreSQL's manual has it, 34.1 (PQconnectStartParams).
absl::Status Session::Connect(Until until) {
  PQsetNoticeReceiver(connection_, &Session::Receive, this);
  // What the database says of a failure goes to the log: without the row and the statement.
  PQsetErrorVerbosity(connection_, PQERRORS_TERSE);
  PostgresPollingStatusType state =
      PQstatus(connection_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) return Unreachable("the database");
    RETURN_IF_ERROR(AwaitSocket(PQsocket(connection_),
                                state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until));
    state = PQconnectPoll(connection_);
  }
  return PQsetnonblocking(connection_, 1) == 0 ? absl::OkStatus() : Unreachable("the database");
}

absl::Status Session::RequireOurKind() const {
  const int version = PQserverVersion(connection_);
  if (version < kOldestServer) {
    return absl::FailedPreconditionError(absl::StrCat("the database is PostgreSQL ",
                                                      version / 10000, "; usher needs ",
                                                      kOldestServer / 10000, " or later"));
  }
  const char* encoding = PQparameterStatus(connection_, "server_encoding");
  if (encoding == nullptr || std::string(encoding) != kEncoding) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the database's encoding is ", encoding == nullptr ? "unknown" : encoding, "; usher needs ",
        kEncoding, " (CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0)"));
  }
  return absl::OkStatus();
}

// PQfinish says goodbye, which could wait where the other side takes nothing any more.
Session::~Session() {
  if (PQtransactionStatus(connection_) != PQTRANS_IDLE) shutdown(socket(), SHUT_RDWR);
  PQfinish(connection_);
}

absl::StatusOr<Result> Session::Next(Until until) {
  int to_send = PQflush(connection_);
  while (to_send == 1 || PQisBusy(connection_) == 1) {
    RETURN_IF_ERROR(AwaitSocket(socket(), to_send == 1 ? POLLIN | POLLOUT : POLLIN, until));
    if (PQconsumeInput(connection_) != 1) return Unreachable("the database");
    if (to_send == 1) to_send = PQflush(connection_);
  }
  if (to_send < 0) return Unreachable("the database");
  PGresult* const result = PQgetResult(connection_);
  return result == nullptr ? nullptr : Result(result, PQclear);
}

absl::StatusOr<Result> Session::Ask(const std::string& sql, Until until) {
  if (PQsendQuery(connection_, sql.c_str()) != 1) return Unreachable("the database");
  Result last;
  while (true) {
    ASSIGN_OR_RETURN(Result next, Next(until));
    if (next == nullptr) break;
    last = std::move(next);
  }
  if (last != nullptr && IsAnswer(last.get())) return last;
  return StatusOfResult(last.get(), "a session's settings");
}

void Session::PutAside() { put_aside_ = absl::Now(); }

absl::Duration Session::Idle() const { return absl::Now() - put_aside_; }

bool Session::IsUsable(absl::Duration longest_idle) const {
  return !lost() && Idle() <= longest_idle && !SaidGoodbye(socket());
}

bool Session::TakeWarning() { return std::exchange(warned_, false); }

void Session::Receive(void* session, const PGresult* notice) {
  const std::string state = SqlState(notice);
  // "Canceling wait for synchronous replication": 01000, or 57P01 when the server is stopping.
  if (state == "01000" || state == "57P01") static_cast<Session*>(session)->warned_ = true;
  log::Warning("the database notices",
               {{"sqlstate", state}, {"text", ErrorField(notice, PG_DIAG_MESSAGE_PRIMARY)}});
}

// The database itself is asked to end an idle session. If it was ours, our connection ends with it;
// if a pooler had lent it for one transaction, nothing happens to us. What a session remembers or
// which backend answers proves nothing: an idle pooler lends the same one each time.
absl::StatusOr<std::unique_ptr<Session>> OpenOwnSession(const PoolOptions& options,
                                                        absl::Duration lock_timeout, Until until) {
  ASSIGN_OR_RETURN(std::unique_ptr<Session> session, Session::Open(options, lock_timeout, until));
  ASSIGN_OR_RETURN(const Result pid, session->Ask("SELECT pg_backend_pid()", until));
  // No pooler: it would have given a number of its own.
  if (absl::StrCat(PQbackendPID(session->connection())) == PQgetvalue(pid.get(), 0, 0)) {
    return session;
  }
  RETURN_IF_ERROR(session->Ask("SET idle_session_timeout TO 100", until).status());
  const absl::Time end = absl::Now() + absl::Seconds(3);
  while (!session->lost()) {
    const absl::Status readable =
        AwaitSocket(session->socket(), POLLIN, [&] { return std::min(until(), end); });
    if (!readable.ok()) {
      if (absl::Now() < end) return readable;
      return absl::FailedPreconditionError(
          "the pooler before the database lends a session for one transaction (pool_mode = "
          "transaction or statement); usher needs sessions of its own: pool_mode = session");
    }
    PQconsumeInput(session->connection());
    PQisBusy(session->connection());
  }
  return nullptr;
}

}  // namespace usher::db
