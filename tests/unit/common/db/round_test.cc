#include "common/db/round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace round_test {

constexpr Statement kRead{"read", "SELECT value FROM items WHERE id = $1"};
constexpr Statement kChange{"change", "UPDATE items SET value = $2 WHERE id = $1"};

class RoundTest : public ::testing::Test {
 protected:
  Question* Add(const Statement& statement, std::vector<Param> params,
                absl::Duration patience = absl::Hours(1)) {
    params_.push_back(std::move(params));
    Question& question = questions_.emplace_back();
    question.statement = &statement;
    question.params = &params_.back();
    question.deadline = absl::Now() + patience;
    asked_.push_back(&question);
    return &question;
  }
  // To be passed to a Round.
  const std::function<void(Question&)> told_ = [this](Question& question) {
    answered_.push_back(&question);
  };

  std::deque<std::vector<Param>> params_;
  std::deque<Question> questions_;
  std::vector<Question*> asked_;
  std::vector<Question*> answered_;
};

TEST_F(RoundTest, ThingsAreAskedForInTheOrderOfTheirKeys) {
  Question* const c = Add(kRead, {"acme", "c"});
  Question* const a = Add(kChange, {"acme", "a"});
  Question* const b = Add(kRead, {"acme", "b"});
  Round round(asked_, told_);
  std::vector<Question*> order;
  for (const Round::Place* place : round.Waiting()) order.push_back(place->question);
  EXPECT_EQ(order, (std::vector<Question*>{a, b, c}));
}

TEST_F(RoundTest, EachIsAnsweredOnce) {
  Question* const question = Add(kRead, {"a"});
  Round round(asked_, told_);
  Round::Place& place = *round.Waiting()[0];
  round.Answer(place, absl::UnavailableError("first"));
  round.Answer(place, absl::InternalError("second"));
  round.Fail(absl::InternalError("third"));
  EXPECT_TRUE(round.ended());
  EXPECT_EQ(answered_, std::vector<Question*>{question});
  EXPECT_THAT(question->answer, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(RoundTest, OnlyAChangeThatMayHappenIsInDoubt) {
  Question* const read = Add(kRead, {"a"});
  Question* const sent = Add(kChange, {"b", "v"});
  Question* const unsent = Add(kChange, {"c", "v"});
  Round round(asked_, told_);
  round.Waiting()[0]->may_happen = true;
  round.Waiting()[1]->may_happen = true;
  round.Fail(absl::UnavailableError("lost"));
  EXPECT_THAT(read->answer, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(sent->answer, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(unsent->answer, StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(RoundTest, WhoseTimeIsUpIsAnsweredAndTheOthersWaitOn) {
  Question* const late = Add(kRead, {"a"}, -absl::Seconds(1));
  Question* const patient = Add(kRead, {"b"});
  Round round(asked_, told_);
  EXPECT_EQ(round.AnswerTheLate(), patient->deadline);
  EXPECT_EQ(answered_, std::vector<Question*>{late});
  EXPECT_THAT(late->answer, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  round.Answer(*round.Waiting()[0], absl::InternalError("x"));
  EXPECT_EQ(round.AnswerTheLate(), absl::InfinitePast());
}

TEST_F(RoundTest, AWrongParameterIsAnsweredBeforeAnythingIsAsked) {
  Question* const wrong = Add(kRead, {std::string("a\0b", 3)});
  Add(kRead, {"b"});
  Round round(asked_, told_);
  EXPECT_EQ(answered_, std::vector<Question*>{wrong});
  EXPECT_THAT(wrong->answer, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(round.Waiting().size(), 1u);
}

}  // namespace round_test
}  // namespace usher::db
