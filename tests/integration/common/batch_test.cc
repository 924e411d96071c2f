#include "common/db/batch.h"

#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace batch_test {

constexpr Statement kTransaction{"transaction", "SELECT pg_current_xact_id()::text, $1::text"};
constexpr Statement kPid{"pid", "SELECT pg_backend_pid()::text, $1::text"};
constexpr Statement kAdd{"add", "UPDATE sums SET value = value + 1 WHERE id = $1"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep(30)"};
constexpr Statement kAddSlowly{"add_slowly",
                               "UPDATE sums SET value = value + 1 FROM pg_sleep(1) WHERE id = $1"};
constexpr Statement kRead{"read", "SELECT value FROM sums WHERE id = $1"};
constexpr Statement kCountAndFail{"count_and_fail", "SELECT 1 / (nextval('runs') * 0), $1::text"};

class BatchTest : public ::testing::Test {
 protected:
  BatchTest() { database_.Run("CREATE TABLE sums (id text PRIMARY KEY, value bigint NOT NULL)"); }

  std::string Ask(const Statement& statement, const std::string& param) {
    const absl::StatusOr<Rows> rows = Execute(call_, pool_, statement, {param});
    return rows.ok() ? (*rows)[0].Text(0) : rows.status().ToString();
  }

  const CallContext call_ = ACall();
  ScratchDatabase database_;
  Pool& pool_ = database_.pool();
  Batch batch_{pool_.options()};
};

TEST_F(BatchTest, WhatItsJobsExecuteTravelsTogether) {
  std::vector<std::string> transactions(5);
  std::vector<Batch::Job> jobs;
  for (size_t i = 0; i < transactions.size(); ++i) {
    jobs.push_back([&, i] { transactions[i] = Ask(kTransaction, absl::StrCat(i)); });
  }
  batch_.Run(std::move(jobs));
  EXPECT_FALSE(transactions[0].empty());
  for (const std::string& transaction : transactions) EXPECT_EQ(transaction, transactions[0]);
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(BatchTest, JobsAskAsOftenAsTheyLike) {
  std::vector<int> asked;
  std::vector<Batch::Job> jobs;
  for (int i = 0; i < 4; ++i) {
    jobs.push_back([&, i] {
      for (int round = 0; round < i; ++round) EXPECT_EQ(Ask(kPid, "").find(' '), std::string::npos);
      asked.push_back(i);
    });
  }
  batch_.Run(std::move(jobs));
  EXPECT_EQ(asked, (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(BatchTest, IsUsedAgainAndKeepsItsConnection) {
  std::string first;
  std::string second;
  batch_.Run({[&] { first = Ask(kPid, ""); }});
  batch_.Run({[&] { second = Ask(kPid, ""); }, [] {}});
  EXPECT_EQ(first, second);
  EXPECT_NE(Ask(kPid, ""), first);  // outside of the batch: from the pool
}

TEST_F(BatchTest, TransactionsInsideOfItAreTransactions) {
  absl::Status outcome;
  batch_.Run({[&] {
    outcome = InTransaction(call_, pool_, [](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const Rows one, tx.Execute(kTransaction, {"a"}));
      ASSIGN_OR_RETURN(const Rows two, tx.Execute(kTransaction, {"b"}));
      EXPECT_EQ(one[0].Text(0), two[0].Text(0));
      return absl::OkStatus();
    });
  }});
  EXPECT_OK(outcome);
}

TEST_F(BatchTest, ACallWhoseTimeIsUpIsNotAsked) {
  const CallContext late = ACaller().Until(absl::Now() - absl::Seconds(1)).BuildCall();
  batch_.Run({[&] {
    EXPECT_THAT(Execute(late, pool_, kSleep, {}), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  }});
}

// Named in opposite orders. (That they lock in one order, pipeline_test.cc shows.)
TEST_F(BatchTest, TwoThatChangeTheSameThingsDoNotGetInEachOthersWay) {
  constexpr int kRows = 8;
  constexpr int kRounds = 50;
  for (int i = 0; i < kRows; ++i) {
    database_.Run(absl::StrCat("INSERT INTO sums VALUES ('", i, "', 0)"));
  }
  const auto change = [&](bool forwards) {
    Batch batch(pool_.options());
    for (int round = 0; round < kRounds; ++round) {
      std::vector<Batch::Job> jobs;
      for (int i = 0; i < kRows; ++i) {
        const std::string id = absl::StrCat(forwards ? i : kRows - 1 - i);
        jobs.push_back([&, id] { EXPECT_OK(Execute(call_, pool_, kAdd, {id})); });
      }
      batch.Run(std::move(jobs));
    }
  };
  std::thread other([&] { change(false); });
  change(true);
  other.join();
  EXPECT_EQ(database_.Ask("SELECT min(value) || ' ' || max(value) FROM sums"),
            absl::StrCat(2 * kRounds, " ", 2 * kRounds));
}

// A transaction beside the batch that locks something for as long as it lives.
class Locked {
 public:
  Locked(const std::string& url, const std::string& statement)
      : connection_(url), transaction_(connection_) {
    transaction_.exec(statement);
  }

 private:
  pqxx::connection connection_;
  pqxx::work transaction_;
};

class CrowdedBatchTest : public BatchTest {
 protected:
  CrowdedBatchTest() {
    database_.Run(
        "INSERT INTO sums SELECT 'id ' || i, 0 FROM generate_series(10, 25) i; "
        "CREATE SEQUENCE runs");
  }
  static std::string Id(size_t i) { return absl::StrCat("id ", 10 + i); }

  // What each of `count` jobs was answered to a statement about its own row.
  std::vector<absl::Status> AskAll(const Statement& statement, size_t count) {
    std::vector<absl::Status> answers(count);
    std::vector<Batch::Job> jobs;
    for (size_t i = 0; i < count; ++i) {
      jobs.push_back([&, i] { answers[i] = Execute(call_, pool_, statement, {Id(i)}).status(); });
    }
    batch_.Run(std::move(jobs));
    return answers;
  }
};

// C8.
TEST_F(CrowdedBatchTest, OfSixteenChangesThoseWaitShortlyThatAreLockedAndNoOthers) {
  AskAll(kRead, 1);  // connected
  const Locked locked(database_.url(), "UPDATE sums SET value = 0 WHERE id < 'id 18'");
  const absl::Time began = absl::Now();
  const std::vector<absl::Status> answers = AskAll(kAdd, 16);
  EXPECT_LT(absl::Now() - began, absl::Seconds(2));
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_THAT(answers[i], IsUndecided(absl::StatusCode::kDeadlineExceeded));
    EXPECT_EQ(std::string(answers[i].message()).find("idempotency-key"), std::string::npos);
  }
  for (size_t i = 8; i < 16; ++i) EXPECT_OK(answers[i]);
  EXPECT_EQ(database_.Ask("SELECT sum(value) FROM sums"), "8");
}

TEST_F(CrowdedBatchTest, ReadsOfALockedTableWaitForOneLock) {
  const Locked locked(database_.url(), "LOCK TABLE sums");
  for (const char* on : {"a new connection", "one that knows the statement"}) {
    const absl::Time began = absl::Now();
    for (const absl::Status& answer : AskAll(kRead, 4)) {
      EXPECT_THAT(answer, IsUndecided(absl::StatusCode::kDeadlineExceeded)) << on;
    }
    EXPECT_LT(absl::Now() - began, absl::Milliseconds(1500)) << on;
  }
}

TEST_F(CrowdedBatchTest, AFailureThatNoNeighbourCausedIsTheAnswer) {
  std::vector<Batch::Job> jobs;
  jobs.push_back([&] { EXPECT_OK(Execute(call_, pool_, kAdd, {Id(1)})); });
  jobs.push_back([&] {
    EXPECT_THAT(Execute(call_, pool_, kCountAndFail, {"id"}),
                IsUndecided(absl::StatusCode::kInternal));
  });
  batch_.Run(std::move(jobs));
  EXPECT_EQ(database_.Ask("SELECT last_value FROM runs"), "1");
  EXPECT_EQ(database_.Ask("SELECT sum(value) FROM sums"), "1");
}

TEST_F(CrowdedBatchTest, WhoIsRunAgainGoesOnWhenHisOwnChangeIsThere) {
  std::string slow_when_quick_went_on;
  std::vector<Batch::Job> jobs;
  jobs.push_back([&] { EXPECT_FALSE(Execute(call_, pool_, kCountAndFail, {"id"}).ok()); });
  jobs.push_back([&] {
    EXPECT_OK(Execute(call_, pool_, kAdd, {Id(0)}));
    slow_when_quick_went_on = database_.Ask(
        "SELECT string_agg(value::text, ' ' ORDER BY id) "
        "FROM sums WHERE id < 'id 12'");
  });
  jobs.push_back([&] { EXPECT_OK(Execute(call_, pool_, kAddSlowly, {Id(1)})); });
  batch_.Run(std::move(jobs));
  EXPECT_EQ(slow_when_quick_went_on, "1 0");
  EXPECT_EQ(database_.Ask("SELECT sum(value) FROM sums"), "2");
}

TEST_F(BatchTest, AStatementForAnotherDatabaseIsAFault) {
  const ScratchDatabase other;
  Pool elsewhere({.url = other.url()});
  batch_.Run({[&] {
    EXPECT_THAT(Execute(call_, elsewhere, kPid, {""}), IsUndecided(absl::StatusCode::kInternal));
  }});
}

}  // namespace batch_test
}  // namespace usher::db
