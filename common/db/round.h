// What is asked of a pipeline at once: who waits for what, and who was answered.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/param.h"
#include "common/db/rows.h"
#include "common/db/statement.h"

namespace usher::db {

// A statement that somebody waits for, and then its answer.
struct Question {
  const Statement* statement = nullptr;
  const std::vector<Param>* params = nullptr;
  absl::Time deadline = absl::InfiniteFuture();  // until when somebody waits
  absl::StatusOr<Rows> answer = absl::StatusOr<Rows>();
};

// Not thread-safe. Each question is answered once; from then on nothing touches it, so that whoever
// is told may let it go.
class Round {
 public:
  using Answered = absl::FunctionRef<void(Question&)>;

  struct Place {
    Question* question;  // null: answered
    const Statement* statement;
    std::vector<const char*> values;  // as long as it waits
    bool may_happen = false;          // sent with what would commit it, and not refused
    absl::StatusOr<Rows> answer = absl::StatusOr<Rows>();  // kept until it lasts

    bool waits() const { return question != nullptr; }
    bool changes() const { return statement->Changes(); }
  };

  // Two pipelines that change the same things come to them in the same order: the parameters of a
  // statement begin with the company and the key, by which it locks. Else they could wait for each
  // other. `answered` is called from inside of all functions that answer; this one as well, where
  // parameters are wrong.
  Round(std::vector<Question*> questions, Answered answered);

  // Those who wait, in their order.
  std::vector<Place*> Waiting();
  bool ended() const { return waiting_ == 0; }

  // To one who was answered: nothing.
  void Answer(Place& place, absl::StatusOr<Rows> answer);
  void AnswerInDoubt(Place& place);
  // All who wait: the connection is lost, or was not made.
  void Fail(const absl::Status& why);
  // Answers those whose time is up. Until when the others wait (Until): the first deadline;
  // InfinitePast when nobody does.
  absl::Time AnswerTheLate();

 private:
  std::vector<Place> places_;
  const Answered answered_;
  size_t waiting_;
};

}  // namespace usher::db
