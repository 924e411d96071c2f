#include "common/db/pipeline.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/goodbye.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

void LogNotice(void* /*of ours*/, const PGresult* result) {
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  log::Warning("the database notices", {{"text", text == nullptr ? "" : text}});
}

std::string ErrorField(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

absl::Status StatusOfResult(const PGresult* result, const char* statement) {
  return StatusOfSqlState(ErrorField(result, PG_DIAG_SQLSTATE),
                          ErrorField(result, PG_DIAG_MESSAGE_PRIMARY), statement);
}

bool IsAnswer(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

// Two pipelines that change the same things come to them in the same order: the parameters of a
// statement begin with the company and the key, by which it locks. Else they could wait for each
// other.
bool ComesBefore(const Question* a, const Question* b) {
  const size_t shared = std::min(a->params->size(), b->params->size());
  for (size_t i = 0; i < shared; ++i) {
    const int order =
        (*a->params)[i].text().value_or("").compare((*b->params)[i].text().value_or(""));
    if (order != 0) return order < 0;
  }
  return a->params->size() < b->params->size();
}

absl::Time LatestDeadline(const std::vector<Question*>& questions) {
  absl::Time latest = absl::InfinitePast();
  for (const Question* question : questions) latest = std::max(latest, question->deadline);
  return latest;
}

}  // namespace

void Pipeline::Ask(std::vector<Question*> questions) {
  std::stable_sort(questions.begin(), questions.end(), ComesBefore);
  absl::Status connection;
  if (connection_ == nullptr || SaidGoodbye(PQsocket(connection_.get()))) connection = Connect();
  if (connection.ok()) connection = Prepare(&questions);
  if (connection.ok()) {
    connection = AskPrepared(std::move(questions));
  } else {
    for (Question* question : questions) question->answer = connection;
  }
  if (!connection.ok()) connection_.reset();
}

absl::Status Pipeline::AskPrepared(std::vector<Question*> questions) {
  std::vector<Question*> alone;  // those that failed, once more by themselves
  absl::Status connection;
  while (connection.ok() && !questions.empty()) {
    Question* failed = nullptr;
    connection = AskTogether(questions, &failed);
    if (failed == nullptr) break;
    questions.erase(std::find(questions.begin(), questions.end(), failed));
    alone.push_back(failed);
  }
  for (Question* question : alone) {
    if (connection.ok()) {
      Question* failed = nullptr;
      connection = AskTogether({question}, &failed);
    } else {
      question->answer = connection;  // not sent again: nothing of it is left
    }
  }
  return connection;
}

absl::Status Pipeline::Connect() {
  prepared_.clear();
  connection_.reset(PQconnectdb(options_.url.c_str()));
  PGconn* const connection = connection_.get();
  PQsetNoticeReceiver(connection, LogNotice, nullptr);
  bool usable = PQstatus(connection) == CONNECTION_OK;
  if (usable) {
    const Result set(PQexec(connection, SessionSettings(options_).c_str()), PQclear);
    usable = IsAnswer(set.get());
  }
  if (usable && PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1) {
    return absl::OkStatus();
  }
  log::Warning("database connection failed", {{"error", PQerrorMessage(connection)}});
  return Unreachable("the database");
}

// Once for each statement and connection. Takes out what cannot be prepared.
absl::Status Pipeline::Prepare(std::vector<Question*>* questions) {
  for (auto it = questions->begin(); it != questions->end();) {
    const Statement& statement = *(*it)->statement;
    if (prepared_.contains(absl::string_view(statement.name))) {
      ++it;
      continue;
    }
    const absl::Time deadline = absl::Now() + options_.statement_timeout;
    if (PQsendPrepare(connection_.get(), statement.name, statement.sql, 0, nullptr) != 1 ||
        PQpipelineSync(connection_.get()) != 1) {
      return Unreachable("the database");
    }
    Question* failed = nullptr;
    Question preparing{&statement, nullptr, deadline};
    RETURN_IF_ERROR(TakeAnswers({&preparing}, &failed));
    if (failed == nullptr) {
      prepared_.insert(statement.name);
      ++it;
    } else {
      (*it)->answer = preparing.answer.status();
      it = questions->erase(it);
    }
  }
  return absl::OkStatus();
}

absl::Status Pipeline::AskTogether(const std::vector<Question*>& questions, Question** failed) {
  absl::Status connection;
  for (const Question* question : questions) {
    if (connection.ok()) connection = Send(*question);
  }
  if (connection.ok() && PQpipelineSync(connection_.get()) != 1) {
    connection = Unreachable("the database");
  }
  if (connection.ok()) connection = TakeAnswers(questions, failed);
  if (connection.ok()) return connection;
  for (Question* question : questions) {
    question->answer = question->statement->Changes() ? InDoubt() : connection;
  }
  *failed = nullptr;
  return connection;
}

absl::Status Pipeline::Send(const Question& question) {
  std::vector<const char*> values;
  values.reserve(question.params->size());
  for (const Param& param : *question.params) {
    values.push_back(param.text().has_value() ? param.text()->c_str() : nullptr);
  }
  const int sent = PQsendQueryPrepared(connection_.get(), question.statement->name,
                                       static_cast<int>(values.size()), values.data(), nullptr,
                                       nullptr, /*resultFormat: text*/ 0);
  return sent == 1 ? absl::OkStatus() : Unreachable("the database");
}

// Each statement has a result and a null; the one that fails ends the transaction, and those behind
// it are skipped. At the end comes the result of the Sync, which is the commit.
absl::Status Pipeline::TakeAnswers(const std::vector<Question*>& questions, Question** failed) {
  const absl::Time deadline = LatestDeadline(questions);
  for (Question* question : questions) {
    ASSIGN_OR_RETURN(Result result, Next(deadline));
    if (result == nullptr) return Unreachable("the database");
    if (IsAnswer(result.get())) {
      question->answer = Rows(std::move(result));
    } else if (*failed == nullptr) {
      *failed = question;
      question->answer = StatusOfResult(result.get(), question->statement->name);
      if (LosesConnection(ErrorField(result.get(), PG_DIAG_SQLSTATE))) {
        return question->answer.status();
      }
    }
    ASSIGN_OR_RETURN(const Result end, Next(deadline));
    if (end != nullptr) return Unreachable("the database");
  }
  while (true) {
    ASSIGN_OR_RETURN(const Result result, Next(deadline));
    if (result == nullptr) continue;
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return absl::OkStatus();
    // The commit failed. No constraint of ours is checked that late: the database is in trouble.
    return StatusOfResult(result.get(), "commit");
  }
}

absl::StatusOr<Pipeline::Result> Pipeline::Next(absl::Time deadline) {
  PGconn* const connection = connection_.get();
  int to_send = PQflush(connection);
  while (to_send == 1 || PQisBusy(connection) == 1) {
    RETURN_IF_ERROR(WaitForSocket(to_send == 1, deadline));
    if (PQconsumeInput(connection) != 1) return Unreachable("the database");
    if (to_send == 1) to_send = PQflush(connection);
  }
  if (to_send < 0) return Unreachable("the database");
  PGresult* const result = PQgetResult(connection);
  return result == nullptr ? nullptr : Result(result, PQclear);
}

// When nobody waits any longer, nobody knows what became of a change: the connection is dropped.
absl::Status Pipeline::WaitForSocket(bool to_send, absl::Time deadline) {
  pollfd socket{PQsocket(connection_.get()),
                static_cast<decltype(pollfd::events)>(to_send ? POLLIN | POLLOUT : POLLIN), 0};
  while (true) {
    const absl::Duration left = std::min(deadline - absl::Now(), absl::Seconds(60));
    if (left <= absl::ZeroDuration()) return OutOfTime("waiting for the database");
    const int ready = poll(&socket, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Unreachable("the database");
  }
}

}  // namespace usher::db
