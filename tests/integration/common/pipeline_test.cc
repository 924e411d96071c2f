#include "common/db/pipeline.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace pipeline_test {

constexpr Statement kInsert{"insert", "INSERT INTO items (id, value) VALUES ($1, $2)"};
constexpr Statement kFind{"find", "SELECT value FROM items WHERE id = $1"};
constexpr Statement kEcho{"echo", "SELECT $1::text, $2::text"};
constexpr Statement kTransaction{"transaction", "SELECT pg_current_xact_id()::text, $1::text"};
constexpr Statement kPid{"pid", "SELECT pg_backend_pid(), $1::text"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep($1::float8)"};
constexpr Statement kWrong{"wrong", "SELECT nothing FROM nowhere WHERE $1 = ''"};
constexpr Statement kEndOneself{"end_oneself",
                                "SELECT pg_terminate_backend(pg_backend_pid()), $1::text"};

// Questions with their parameters, in the order in which they were added.
class Questions {
 public:
  Questions& Add(const Statement& statement, std::vector<Param> params,
                 absl::Duration patience = absl::Seconds(30)) {
    params_.push_back(std::move(params));
    questions_.push_back({&statement, &params_.back(), absl::Now() + patience});
    return *this;
  }
  void AskOf(Pipeline& pipeline) {
    std::vector<Question*> all;
    for (Question& question : questions_) all.push_back(&question);
    pipeline.Ask(std::move(all), [](Question&) {});
  }
  const absl::StatusOr<Rows>& operator[](size_t index) const { return questions_[index].answer; }
  std::string Text(size_t index, int column = 0) const {
    const absl::StatusOr<Rows>& rows = questions_[index].answer;
    if (!rows.ok()) return rows.status().ToString();
    return rows->empty() ? "no row" : (*rows)[0].Text(column);
  }

 private:
  std::deque<std::vector<Param>> params_;
  std::deque<Question> questions_;
};

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() { database_.Run("CREATE TABLE items (id text PRIMARY KEY, value text NOT NULL)"); }

  std::string Count() const { return database_.Ask("SELECT count(*) FROM items"); }

  ScratchDatabase database_;
  Pipeline pipeline_{PoolOptions{.url = database_.url()}};
};

TEST_F(PipelineTest, AnswersEachQuestionWithItsOwn) {
  Questions questions;
  for (int i = 0; i < 20; ++i) {
    questions.Add(kEcho, {absl::StrCat(20 - i), absl::StrCat("value ", i)});
  }
  questions.AskOf(pipeline_);
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(questions.Text(i, 1), absl::StrCat("value ", i));
}

TEST_F(PipelineTest, AsksAllInOneTransaction) {
  Questions questions;
  questions.Add(kTransaction, {"a"}).Add(kTransaction, {"b"}).AskOf(pipeline_);
  EXPECT_EQ(questions.Text(0), questions.Text(1));
  Questions later;
  later.Add(kTransaction, {"a"}).AskOf(pipeline_);
  EXPECT_NE(later.Text(0), questions.Text(0));
}

TEST_F(PipelineTest, WhatItAnsweredIsDurable) {
  Questions questions;
  questions.Add(kInsert, {"a", "one"}).Add(kInsert, {"b", "two"}).AskOf(pipeline_);
  ASSERT_OK(questions[0]);
  EXPECT_EQ(questions[0]->affected(), 1u);
  EXPECT_OK(questions[1]);
  EXPECT_EQ(Count(), "2");
}

TEST_F(PipelineTest, OneThatFailsTakesNoOtherWithIt) {
  database_.Run("INSERT INTO items VALUES ('taken', 'before'), ('also', 'before')");
  Questions questions;
  questions.Add(kInsert, {"a", "one"})
      .Add(kInsert, {"taken", "two"})
      .Add(kFind, {"also"})
      .Add(kInsert, {"also", "three"})
      .Add(kInsert, {"z", "four"})
      .AskOf(pipeline_);
  EXPECT_OK(questions[0]);
  EXPECT_THAT(questions[1], StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(questions.Text(2), "before");
  EXPECT_THAT(questions[3], StatusIs(absl::StatusCode::kInternal));
  EXPECT_OK(questions[4]);
  EXPECT_EQ(Count(), "4");
  EXPECT_EQ(database_.Ask("SELECT value FROM items WHERE id = 'taken'"), "before");
}

TEST_F(PipelineTest, AStatementThatCannotBePreparedFailsAlone) {
  Questions questions;
  questions.Add(kWrong, {"a"}).Add(kEcho, {"b", "c"}).Add(kWrong, {"d"}).AskOf(pipeline_);
  EXPECT_THAT(questions[0], StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(questions.Text(1), "b");
  EXPECT_THAT(questions[2], StatusIs(absl::StatusCode::kInternal));
}

TEST_F(PipelineTest, TellsNothingOfTheRowsThatAFailureWasAbout) {
  database_.Run("INSERT INTO items VALUES ('secret-id', 'secret-value')");
  Questions questions;
  questions.Add(kInsert, {"secret-id", "secret-value"}).AskOf(pipeline_);
  EXPECT_EQ(questions[0].status().ToString().find("secret"), std::string::npos);
  EXPECT_NE(questions[0].status().ToString().find("23505"), std::string::npos);
}

// Else two pipelines that change the same rows could wait for each other.
TEST_F(PipelineTest, ChangesThingsInTheOrderOfTheirKeys) {
  database_.Run("ALTER TABLE items ADD COLUMN number bigserial");
  Questions questions;
  for (const char* id : {"c", "a", "d", "b"}) questions.Add(kInsert, {id, "v"});
  questions.AskOf(pipeline_);
  EXPECT_EQ(database_.Ask("SELECT string_agg(id, '' ORDER BY number) FROM items"), "abcd");
}

// Both sides send more than the sockets between them hold.
TEST_F(PipelineTest, MovesMoreThanASocketHoldsInBothDirectionsAtOnce) {
  const std::string large(3 * 1024 * 1024, 'x');
  Questions questions;
  for (int i = 0; i < 8; ++i) questions.Add(kEcho, {large, absl::StrCat(i)});
  questions.AskOf(pipeline_);
  for (size_t i = 0; i < 8; ++i) {
    ASSERT_OK(questions[i]);
    EXPECT_EQ((*questions[i])[0].View(0).size(), large.size());
    EXPECT_EQ(questions.Text(i, 1), absl::StrCat(i));
  }
}

TEST_F(PipelineTest, ConnectsAnewWhereTheDatabaseEndedTheConnectionInBetween) {
  Questions before;
  before.Add(kPid, {""}).AskOf(pipeline_);
  database_.Run(absl::StrCat("SELECT pg_terminate_backend(", before.Text(0), ", 10000)"));
  Questions after;
  after.Add(kPid, {""}).Add(kEcho, {"a", "b"}).AskOf(pipeline_);
  ASSERT_OK(after[0]);
  EXPECT_NE(after.Text(0), before.Text(0));
  EXPECT_EQ(after.Text(1), "a");
}

TEST_F(PipelineTest, AConnectionThatIsLostOnTheWayFailsAllAndIsMadeAnew) {
  Questions questions;
  questions.Add(kEndOneself, {"b"}).Add(kInsert, {"a", "one"}).Add(kEcho, {"c", ""});
  questions.AskOf(pipeline_);
  EXPECT_THAT(questions[0], IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(questions[1], IsUndecided(absl::StatusCode::kDeadlineExceeded));  // who knows?
  EXPECT_THAT(questions[2], IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Count(), "0");
  Questions after;
  after.Add(kEcho, {"a", "b"}).AskOf(pipeline_);
  EXPECT_EQ(after.Text(0), "a");
}

TEST_F(PipelineTest, WithoutADatabaseNobodyGetsAnAnswer) {
  Pipeline pipeline(PoolOptions{.url = "host=/nowhere dbname=none"});
  Questions questions;
  questions.Add(kEcho, {"a", "b"}).Add(kPid, {""}).AskOf(pipeline);
  EXPECT_THAT(questions[0], IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(questions[1], IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PipelineTest, WaitsNoLongerThanTheLastOfThemDoes) {
  Questions questions;
  questions.Add(kSleep, {"30"}, absl::Milliseconds(50))
      .Add(kEcho, {"a", "b"}, absl::Milliseconds(100));
  questions.AskOf(pipeline_);
  EXPECT_THAT(questions[0], IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(questions[1], IsUndecided(absl::StatusCode::kDeadlineExceeded));
  Questions after;
  after.Add(kEcho, {"a", "b"}).AskOf(pipeline_);
  EXPECT_EQ(after.Text(0), "a");
}

TEST_F(PipelineTest, AStatementThatTakesTooLongFailsAlone) {
  Pipeline pipeline(
      PoolOptions{.url = database_.url(), .statement_timeout = absl::Milliseconds(100)});
  Questions questions;
  questions.Add(kSleep, {"30"}).Add(kEcho, {"a", "b"}).AskOf(pipeline);
  EXPECT_THAT(questions[0], IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(questions.Text(1), "a");
}

TEST_F(PipelineTest, NullIsNoEmptyText) {
  Questions questions;
  questions.Add(kEcho, {std::nullopt, ""}).AskOf(pipeline_);
  ASSERT_OK(questions[0]);
  EXPECT_TRUE((*questions[0])[0].IsNull(0));
  EXPECT_FALSE((*questions[0])[0].IsNull(1));
}

}  // namespace pipeline_test
}  // namespace usher::db
