#include "common/db/round.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/db/counters.h"
#include "common/db/sql_error.h"
#include "common/status/reply_error.h"

namespace usher::db {
namespace {

bool ComesBefore(const Question* a, const Question* b) {
  const size_t shared = std::min(a->params->size(), b->params->size());
  for (size_t i = 0; i < shared; ++i) {
    const int order =
        (*a->params)[i].text().value_or("").compare((*b->params)[i].text().value_or(""));
    if (order != 0) return order < 0;
  }
  return a->params->size() < b->params->size();
}

}  // namespace

Round::Round(std::vector<Question*> questions, Answered answered)
    : answered_(answered), waiting_(questions.size()) {
  std::stable_sort(questions.begin(), questions.end(), ComesBefore);
  places_.reserve(questions.size());
  for (Question* question : questions) {
    Place& place = places_.emplace_back(Place{question, question->statement, {}});
    absl::StatusOr<std::vector<const char*>> values =
        ValuesOf(*question->params, question->statement->name);
    if (values.ok()) {
      place.values = *std::move(values);
    } else {
      Answer(place, values.status());
    }
  }
}

std::vector<Round::Place*> Round::Waiting() {
  std::vector<Place*> waiting;
  waiting.reserve(waiting_);
  for (Place& place : places_) {
    if (place.waits()) waiting.push_back(&place);
  }
  return waiting;
}

void Round::Answer(Place& place, absl::StatusOr<Rows> answer) {
  if (!place.waits()) return;
  Question& question = *std::exchange(place.question, nullptr);
  --waiting_;
  question.answer = std::move(answer);
  answered_(question);
}

void Round::AnswerInDoubt(Place& place) {
  if (!place.waits()) return;
  ++TheCounters().in_doubt;
  Answer(place, InDoubt());
}

void Round::Fail(const absl::Status& why) {
  for (Place& place : places_) {
    if (place.may_happen && place.changes()) {
      AnswerInDoubt(place);
    } else {
      Answer(place, why);
    }
  }
}

absl::Time Round::AnswerTheLate() {
  const absl::Time now = absl::Now();
  absl::Time first = absl::InfiniteFuture();
  for (Place& place : places_) {
    if (!place.waits()) continue;
    if (place.question->deadline > now) {
      first = std::min(first, place.question->deadline);
    } else if (place.may_happen && place.changes()) {
      AnswerInDoubt(place);
    } else {
      Answer(place, OutOfTime("waiting for the database"));
    }
  }
  return ended() ? absl::InfinitePast() : first;
}

}  // namespace usher::db
