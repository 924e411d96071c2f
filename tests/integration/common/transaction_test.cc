#include "common/db/transaction.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace transaction_test {

constexpr Statement kInsert{"insert", "INSERT INTO items (id, value) VALUES ($1, $2)"};
constexpr Statement kUpdate{"update", "UPDATE items SET value = $2 WHERE id = $1"};
constexpr Statement kFind{"find", "SELECT value FROM items WHERE id = $1"};
constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep(30)"};
constexpr Statement kFail{"fail", "SELECT fail_until($1::bigint)"};
constexpr Statement kWrong{"wrong", "SELECT nothing FROM nowhere"};

// fail_until(n) fails as if another transaction was in the way, until it was called n times.
constexpr char kSchema[] = R"sql(
  CREATE TABLE items (id text PRIMARY KEY, value text NOT NULL);
  CREATE SEQUENCE attempts;
  CREATE FUNCTION fail_until(n bigint) RETURNS bigint AS $$
  DECLARE attempt bigint := nextval('attempts');
  BEGIN
    IF attempt < n THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END IF;
    RETURN attempt;
  END $$ LANGUAGE plpgsql;
)sql";

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { database_.Run(kSchema); }

  absl::Status Insert(Pool& pool, const std::string& id, const absl::Status& then) const {
    return InTransaction(call_, pool, [&](Transaction& tx) -> absl::Status {
      RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {id, "v"}));
      return then;
    });
  }
  std::string Count() const { return database_.Ask("SELECT count(*) FROM items"); }
  void Kill(int64_t pid) const {
    EXPECT_EQ(database_.Ask(absl::StrCat("SELECT pg_terminate_backend(", pid, ")")), "t");
    // Until it is really gone.
    const absl::Time until = absl::Now() + absl::Seconds(30);
    while (database_.Ask(absl::StrCat("SELECT 1 FROM pg_stat_activity WHERE pid = ", pid)) != "" &&
           absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  const CallContext call_ = ACall();
  ScratchDatabase database_;
  Pool& pool_ = database_.pool();
};

TEST_F(TransactionTest, CommitsWhenTheBodyIsOk) {
  EXPECT_OK(Insert(pool_, "a", absl::OkStatus()));
  EXPECT_EQ(Count(), "1");
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(TransactionTest, HandsTheBodysValueOn) {
  const auto value =
      InTransaction(call_, pool_, [](Transaction& tx) -> absl::StatusOr<std::string> {
        RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "hello"}));
        ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kFind, {"a"}));
        return rows[0].Text(0);
      });
  EXPECT_THAT(value, IsOkAndHolds("hello"));
}

TEST_F(TransactionTest, RollsBackWhenTheBodyFails) {
  EXPECT_THAT(Insert(pool_, "a", ActionInvalid("no")), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(Count(), "0");
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(TransactionTest, RollsBackWhenTheBodyThrows) {
  const absl::Status status = InTransaction(call_, pool_, [](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    throw std::runtime_error("thrown");
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), "0");
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(TransactionTest, AFaultOfOursIsInternalAndNotRepeated) {
  int runs = 0;
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) {
    ++runs;
    return tx.Execute(kWrong, {}).status();
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kInternal));
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(Execute(call_, pool_, kWrong, {}), IsUndecided(absl::StatusCode::kInternal));
  EXPECT_OK(Execute(call_, pool_, kFind, {"a"}));  // the connection is as good as before
}

TEST_F(TransactionTest, WhatIsToFollowTheCommitIsDoneOnceAndFindsWhatWasWritten) {
  std::vector<std::string> seen;
  EXPECT_OK(InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
    tx.AfterCommit([&] { seen.push_back(Count()); });
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    return tx.Execute(kFail, {3}).status();  // the third time it goes well
  }));
  EXPECT_EQ(seen, std::vector<std::string>{"1"});
}

TEST_F(TransactionTest, NothingFollowsWhatWasRolledBack) {
  bool done = false;
  EXPECT_FALSE(InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
                 tx.AfterCommit([&] { done = true; });
                 RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
                 return absl::AlreadyExistsError("no");
               }).ok());
  EXPECT_FALSE(done);
}

TEST_F(TransactionTest, ExecuteOnRowWantsARow) {
  EXPECT_THAT(InTransaction(call_, pool_,
                            [](Transaction& tx) {
                              return tx.ExecuteOnRow(kUpdate, {"none", "v"});
                            }),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(TransactionTest, ExecuteChangesWithoutATransaction) {
  const auto rows = Execute(call_, pool_, kInsert, {"a", "v"});
  ASSERT_OK(rows);
  EXPECT_EQ(rows->affected(), 1u);
  EXPECT_EQ(Count(), "1");
}

TEST_F(TransactionTest, RunsAgainWhenAnotherOneWasInTheWay) {
  int runs = 0;
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
    ++runs;
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    return tx.Execute(kFail, {3}).status();
  });
  EXPECT_OK(status);
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(Count(), "1");
}

TEST_F(TransactionTest, GivesUpAfterFiveAttempts) {
  int runs = 0;
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) {
    ++runs;
    return tx.Execute(kFail, {100}).status();
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(runs, 5);
}

TEST_F(TransactionTest, OutlivesADeadlock) {
  database_.Run("INSERT INTO items VALUES ('a', '0'), ('b', '0')");
  absl::Barrier* both_hold_one = new absl::Barrier(2);
  std::atomic<int> runs{0};
  const auto update = [&](const char* first, const char* second, const char* value) {
    bool met = false;
    return InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
      ++runs;
      RETURN_IF_ERROR(tx.ExecuteOnRow(kUpdate, {first, value}));
      if (!met) {
        met = true;
        if (both_hold_one->Block()) delete both_hold_one;
      }
      return tx.ExecuteOnRow(kUpdate, {second, value});
    });
  };
  std::thread other([&] { EXPECT_OK(update("b", "a", "other")); });
  EXPECT_OK(update("a", "b", "mine"));
  other.join();
  EXPECT_EQ(runs, 3);  // one of them twice
  EXPECT_EQ(database_.Ask("SELECT count(DISTINCT value) FROM items"), "1");
}

TEST_F(TransactionTest, SaysThatTheDatabaseIsOutOfReachWhenItsConnectionIsKilled) {
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kPid, {}));
    Kill(rows[0].Int(0));
    return tx.ExecuteOnRow(kInsert, {"b", "v"});
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Count(), "0");
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_OK(Insert(pool_, "c", absl::OkStatus()));
}

TEST_F(TransactionTest, RecoversFromAConnectionThatDiedWhileItWasIdle) {
  const auto pid = Execute(call_, pool_, kPid, {});
  ASSERT_OK(pid);
  Kill((*pid)[0].Int(0));
  // The first call may find out; the next one has a new connection.
  const auto first = Execute(call_, pool_, kFind, {"a"});
  if (!first.ok()) {
    EXPECT_THAT(first, IsUndecided(absl::StatusCode::kUnavailable));
  }
  const auto second = Execute(call_, pool_, kPid, {});
  ASSERT_OK(second);
  EXPECT_NE((*second)[0].Int(0), (*pid)[0].Int(0));
}

TEST_F(TransactionTest, DoesNotRepeatACommitOfWhichNobodyKnowsHowItEnded) {
  // Dies inside of COMMIT.
  database_.Run(R"sql(
    CREATE FUNCTION die() RETURNS trigger AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$ LANGUAGE plpgsql;
    CREATE CONSTRAINT TRIGGER die AFTER INSERT ON items
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
  )sql");
  int runs = 0;
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) {
    ++runs;
    return tx.ExecuteOnRow(kInsert, {"a", "v"});
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_OK(Execute(call_, pool_, kFind, {"a"}));
}

TEST_F(TransactionTest, ACommitThatAConstraintRefusesChangesNothing) {
  database_.Run(R"sql(
    ALTER TABLE items ADD COLUMN parent text
      CONSTRAINT items_parent_fk REFERENCES items DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE items ALTER COLUMN parent SET DEFAULT 'nobody';
  )sql");
  EXPECT_THAT(Insert(pool_, "a", absl::OkStatus()), IsUndecided(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), "0");
}

TEST_F(TransactionTest, EndsAStatementThatTakesTooLong) {
  const auto pool = database_.OpenPool({.url = "", .statement_timeout = absl::Milliseconds(100)});
  EXPECT_THAT(Execute(call_, *pool, kSleep, {}), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(
      InTransaction(call_, *pool, [](Transaction& tx) { return tx.Execute(kSleep, {}).status(); }),
      IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(Execute(call_, *pool, kFind, {"a"}));
}

TEST_F(TransactionTest, EndsWaitingForALock) {
  database_.Run("INSERT INTO items VALUES ('a', '0')");
  const auto pool = database_.OpenPool({.url = "", .statement_timeout = absl::Milliseconds(200)});
  const absl::Status status = InTransaction(call_, pool_, [&](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteOnRow(kUpdate, {"a", "mine"}));
    EXPECT_THAT(Execute(call_, *pool, kUpdate, {"a", "theirs"}),
                IsUndecided(absl::StatusCode::kDeadlineExceeded));
    return absl::OkStatus();
  });
  EXPECT_OK(status);
  EXPECT_EQ(database_.Ask("SELECT value FROM items"), "mine");
}

TEST_F(TransactionTest, DoesNotBeginWhenTheTimeIsUp) {
  const CallContext late = ACaller().Until(absl::Now() - absl::Seconds(1)).BuildCall();
  EXPECT_THAT(Execute(late, pool_, kFind, {"a"}), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(InTransaction(late, pool_,
                            [](Transaction&) -> absl::Status {
                              ADD_FAILURE() << "the body ran";
                              return absl::OkStatus();
                            }),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(TransactionTest, DoesNotBeginWhenTheClientWentAway) {
  CallContext gone = ACall();
  gone.cancelled = std::make_shared<const std::atomic<bool>>(true);
  EXPECT_THAT(Execute(gone, pool_, kFind, {"a"}), IsUndecided(absl::StatusCode::kCancelled));
}

TEST_F(TransactionTest, NothingInAParameterIsSql) {
  const std::string nasty = "'); DROP TABLE items; -- \\ \" $1 {}";
  ASSERT_OK(Execute(call_, pool_, kInsert, {nasty, nasty}));
  const auto rows = Execute(call_, pool_, kFind, {nasty});
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].Text(0), nasty);
}

}  // namespace transaction_test
}  // namespace usher::db
