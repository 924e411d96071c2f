#include "common/db/pipeline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/counters.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

// Of a statement in a batch, whose neighbours wait as well. Those that are run again share another
// one among them, of which each gets at least a little: some changes are only briefly in the way.
constexpr absl::Duration kBatchLockTimeout = absl::Milliseconds(200);
constexpr absl::Duration kLeastLockTimeout = absl::Milliseconds(25);

absl::Status Lost() { return Unreachable("the database"); }

}  // namespace

void Pipeline::Ask(std::vector<Question*> questions, Round::Answered answered) {
  Counters& counters = TheCounters();
  ++counters.batches;
  counters.batched += questions.size();
  Round round(std::move(questions), answered);
  const absl::Status connection = Answer(round);
  if (!connection.ok()) round.Fail(connection);
  if (!connection.ok() || spent_) {
    session_.reset();
  } else {
    session_->PutAside();
  }
}

absl::Status Pipeline::Answer(Round& round) {
  if (session_ == nullptr || !session_->IsUsable(options_.longest_idle)) {
    RETURN_IF_ERROR(Connect(round));
  }
  RETURN_IF_ERROR(Prepare(round));
  if (!round.ended()) RETURN_IF_ERROR(AskTogether(round));
  if (!round.ended()) RETURN_IF_ERROR(AskEach(round));
  return absl::OkStatus();
}

absl::Status Pipeline::Connect(Round& round) {
  session_.reset();
  prepared_.clear();
  spent_ = false;
  absl::StatusOr<std::unique_ptr<Session>> session =
      Session::Open(options_, kBatchLockTimeout, [&round] { return round.AnswerTheLate(); });
  if (!session.ok()) return absl::IsDeadlineExceeded(session.status()) ? session.status() : Lost();
  session_ = *std::move(session);
  return PQenterPipelineMode(session_->connection()) == 1 ? absl::OkStatus() : Lost();
}

// Once for each statement and connection; answers those who wait for one that cannot be prepared.
absl::Status Pipeline::Prepare(Round& round) {
  std::vector<const Statement*> missing;
  for (const Round::Place* place : round.Waiting()) {
    const Statement* const statement = place->statement;
    const auto same = [statement](const Statement* other) {
      return absl::string_view(other->name) == statement->name;
    };
    if (prepared_.contains(absl::string_view(statement->name)) ||
        std::any_of(missing.begin(), missing.end(), same)) {
      continue;
    }
    if (PQsendPrepare(session_->connection(), statement->name, statement->sql, 0, nullptr) != 1) {
      return Lost();
    }
    RETURN_IF_ERROR(SendSync());
    missing.push_back(statement);
  }
  for (const Statement* statement : missing) {
    ASSIGN_OR_RETURN(const Result result, Take(round));
    absl::Status said;
    bool warned = false;
    RETURN_IF_ERROR(TakeSync(round, &said, &warned));
    if (IsAnswer(result.get())) {
      prepared_.insert(statement->name);
      continue;
    }
    const absl::Status failure = Judge(result.get(), statement->name);
    for (Round::Place* place : round.Waiting()) {
      if (absl::string_view(place->statement->name) == statement->name) {
        round.Answer(*place, failure);
      }
    }
  }
  return absl::OkStatus();
}

// In one transaction. Who is left without an answer is to be asked once more.
absl::Status Pipeline::AskTogether(Round& round) {
  const std::vector<Round::Place*> asked = round.Waiting();
  session_->TakeWarning();
  for (const Round::Place* place : asked) RETURN_IF_ERROR(Send(*place));
  for (Round::Place* place : asked) place->may_happen = true;
  RETURN_IF_ERROR(SendSync());
  return TakeTogether(round, asked);
}

// Each statement has a result; the one that fails ends the transaction, and those behind it are
// skipped. At the end comes the result of the Sync, which is the commit.
absl::Status Pipeline::TakeTogether(Round& round, const std::vector<Round::Place*>& asked) {
  const auto first_change = std::find_if(
      asked.begin(), asked.end(), [](const Round::Place* place) { return place->changes(); });
  bool failed = false;
  for (auto it = asked.begin(); it != asked.end(); ++it) {
    Round::Place& place = **it;
    ASSIGN_OR_RETURN(Result result, Take(round));
    if (failed) continue;
    if (IsAnswer(result.get())) {
      place.answer = Rows(std::move(result));
      continue;
    }
    failed = true;
    for (Round::Place* other : asked) other->may_happen = false;
    // What was read before anything was changed is as true as it was.
    std::for_each(asked.begin(), std::min(it, first_change),
                  [&round](Round::Place* read) { round.Answer(*read, std::move(read->answer)); });
    const absl::Status failure = Judge(result.get(), place.statement->name);
    if (!MayBeANeighboursDoing(SqlState(result.get()))) round.Answer(place, failure);
  }
  absl::Status said;
  bool warned = false;
  RETURN_IF_ERROR(TakeSync(round, &said, &warned));
  for (Round::Place* place : asked) place->may_happen = false;
  if (failed || !said.ok()) return absl::OkStatus();
  for (Round::Place* place : asked) {
    if (warned && place->changes()) {
      round.AnswerInDoubt(*place);
    } else {
      round.Answer(*place, std::move(place->answer));
    }
  }
  return absl::OkStatus();
}

// In a transaction each: whoever fails now fails by itself, and whoever does not is answered at
// once. Those for whom another one's lock was in the way do not wait as long for theirs.
absl::Status Pipeline::AskEach(Round& round) {
  const std::vector<Round::Place*> asked = round.Waiting();
  TheCounters().rerun += asked.size();
  const absl::Duration lock_timeout =
      std::max(kBatchLockTimeout / static_cast<int64_t>(asked.size()), kLeastLockTimeout);
  for (Round::Place* place : asked) {
    RETURN_IF_ERROR(SendLimits(*place, lock_timeout));
    RETURN_IF_ERROR(Send(*place));
    place->may_happen = true;
    RETURN_IF_ERROR(SendSync());
  }
  for (Round::Place* place : asked) RETURN_IF_ERROR(TakeOne(round, *place));
  return absl::OkStatus();
}

absl::Status Pipeline::TakeOne(Round& round, Round::Place& place) {
  session_->TakeWarning();
  ASSIGN_OR_RETURN(const Result limits, Take(round));
  ASSIGN_OR_RETURN(Result result, Take(round));
  absl::Status said;
  bool warned = false;
  RETURN_IF_ERROR(TakeSync(round, &said, &warned));
  place.may_happen = false;
  const Result& telling = IsAnswer(limits.get()) ? result : limits;
  if (!IsAnswer(telling.get())) said = Judge(telling.get(), place.statement->name);
  if (absl::IsAborted(said)) said = Overloaded("changes to the same thing at the same time");
  if (!said.ok()) {
    round.Answer(place, said);
  } else if (warned && place.changes()) {
    round.AnswerInDoubt(place);
  } else {
    round.Answer(place, Rows(std::move(result)));
  }
  return absl::OkStatus();
}

absl::Status Pipeline::Send(const Round::Place& place) {
  const int sent = PQsendQueryPrepared(session_->connection(), place.statement->name,
                                       static_cast<int>(place.values.size()), place.values.data(),
                                       nullptr, nullptr, /*resultFormat: text*/ 0);
  return sent == 1 ? absl::OkStatus() : Lost();
}

// For the transaction that they begin; a batch leaves nothing behind in the session.
absl::Status Pipeline::SendLimits(const Round::Place& place, absl::Duration lock_timeout) {
  const absl::Duration left = place.question->deadline - absl::Now();
  const std::string lock = absl::StrCat(absl::ToInt64Milliseconds(lock_timeout));
  const std::string statement = absl::StrCat(
      std::max<int64_t>(absl::ToInt64Milliseconds(std::min(left, options_.statement_timeout)), 1));
  const char* const values[] = {lock.c_str(), statement.c_str()};
  const int sent = PQsendQueryParams(
      session_->connection(),
      "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)", 2,
      nullptr, values, nullptr, nullptr, /*resultFormat: text*/ 0);
  return sent == 1 ? absl::OkStatus() : Lost();
}

absl::Status Pipeline::SendSync() {
  return PQpipelineSync(session_->connection()) == 1 ? absl::OkStatus() : Lost();
}

absl::StatusOr<Result> Pipeline::Take(Round& round) {
  const auto until = [&round] { return round.AnswerTheLate(); };
  ASSIGN_OR_RETURN(Result result, session_->Next(until));
  if (result == nullptr || EndsSession(result.get())) return Lost();
  ASSIGN_OR_RETURN(const Result end, session_->Next(until));
  return end == nullptr ? absl::StatusOr<Result>(std::move(result)) : Lost();
}

absl::Status Pipeline::TakeSync(Round& round, absl::Status* said, bool* warned) {
  while (true) {
    ASSIGN_OR_RETURN(const Result result,
                     session_->Next([&round] { return round.AnswerTheLate(); }));
    if (result == nullptr) continue;
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
    if (EndsSession(result.get())) return Lost();
    *said = Judge(result.get(), "commit");
  }
  *warned = session_->TakeWarning();
  return absl::OkStatus();
}

absl::Status Pipeline::Judge(const PGresult* result, const char* statement) {
  if (LosesConnection(SqlState(result))) spent_ = true;
  return StatusOfResult(result, statement);
}

}  // namespace usher::db
