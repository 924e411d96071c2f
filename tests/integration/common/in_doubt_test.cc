// What was decided is told as decided, and what nobody knows as in doubt, or it is looked up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/db/batch.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/stalling_proxy.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace in_doubt_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Statement kInsert{"insert", "INSERT INTO items (id, value) VALUES ($1, $2)"};
constexpr Statement kInsertFailing{"insert_failing",
                                   "INSERT INTO items (id, value) VALUES ($1, fail($2))"};
constexpr Statement kInsertOrFail{
    "insert_or_fail", "INSERT INTO items (id, value) VALUES ($1, fail_first($2::bigint))"};
constexpr Statement kWrong{"wrong", "SELECT 1 / $1::int"};
constexpr Statement kFind{"find", "SELECT value FROM items WHERE id = $1"};
constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};

constexpr char kSchema[] = R"sql(
  CREATE TABLE items (id text PRIMARY KEY, value text NOT NULL);
  CREATE FUNCTION fail(state text) RETURNS text AS $$
    BEGIN RAISE EXCEPTION 'driver text' USING ERRCODE = state; END $$ LANGUAGE plpgsql;
  CREATE SEQUENCE attempts;
  -- A deadlock, as often as it is told.
  CREATE FUNCTION fail_first(times bigint) RETURNS text AS $$
    BEGIN
      IF nextval('attempts') <= times THEN
        RAISE EXCEPTION 'driver text with "items_pkey"' USING ERRCODE = '40P01';
      END IF;
      RETURN 'done';
    END $$ LANGUAGE plpgsql;
)sql";

// Statements that a transaction runs as it commits.
constexpr char kAtCommit[] = R"sql(
  CREATE FUNCTION at_commit() RETURNS trigger AS $$ BEGIN %s RETURN NULL; END $$ LANGUAGE plpgsql;
  CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON items
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit();
)sql";

class InDoubtTest : public ::testing::Test {
 protected:
  InDoubtTest() { database_.Run(kSchema); }

  static CallContext ACallWithKey(const std::string& key) {
    return ACaller().Calling("room.create").WithIdempotencyKey(key, "hash").BuildCall();
  }
  // As a creating call does it.
  static absl::StatusOr<std::string> Create(const CallContext& call, Pool& pool,
                                            const std::string& id) {
    return InTransaction(call, pool, [&](Transaction& tx) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(std::string bound, BindIdempotencyKey(tx, call, id));
      if (bound == id) RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {id, "v"}));
      return bound;
    });
  }
  std::string Count() const { return database_.Ask("SELECT count(*) FROM items"); }
  void AtCommit(const std::string& statements) const {
    std::string sql = kAtCommit;
    database_.Run(sql.replace(sql.find("%s"), 2, statements));
  }
  absl::StatusOr<Rows> InBatch(const Statement& statement, const std::vector<Param>& params) {
    absl::StatusOr<Rows> rows = absl::InternalError("it did not run");
    batch_.Run({[&] { rows = Execute(ACall(), pool_, statement, params); }});
    return rows;
  }

  ScratchDatabase database_{std::vector<Migration>{}};
  StallingProxy proxy_{database_.url()};
  Pool pool_{{.url = proxy_.url()}};
  Batch batch_{{.url = proxy_.url()}};
};

// C9.
TEST_F(InDoubtTest, WhatTheDatabaseRefusedIsNotInDoubt) {
  for (const char* state : {"25006", "53100", "53300", "57P03"}) {
    EXPECT_THAT(Execute(ACall(), pool_, kInsertFailing, {"a", state}),
                IsUndecided(absl::StatusCode::kUnavailable))
        << state;
    EXPECT_THAT(InBatch(kInsertFailing, {"a", state}), IsUndecided(absl::StatusCode::kUnavailable))
        << state;
    EXPECT_THAT(InTransaction(ACall(), pool_,
                              [&](Transaction& tx) {
                                return tx.Execute(kInsertFailing, {"a", state}).status();
                              }),
                IsUndecided(absl::StatusCode::kUnavailable))
        << state;
  }
}

TEST_F(InDoubtTest, ADatabaseThatBecameReadOnlyRefusesChangesAndIsRead) {
  ASSERT_OK(Execute(ACall(), pool_, kInsert, {"a", "v"}));
  ASSERT_OK(InBatch(kInsert, {"b", "v"}));
  database_.Run(R"sql(
    DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() ||
      ' SET default_transaction_read_only TO on'; END $$;
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid())sql");
  EXPECT_THAT(Execute(ACall(), pool_, kInsert, {"c", "v"}),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(InBatch(kInsert, {"c", "v"}), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_OK(Execute(ACall(), pool_, kFind, {"a"}));
  EXPECT_OK(InBatch(kFind, {"a"}));
}

TEST_F(InDoubtTest, ACommitThatWasNeverSentIsNotInDoubt) {
  const auto ended_before_commit = [&](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kPid, {}));
    database_.Run(absl::StrCat("SELECT pg_terminate_backend(", rows[0].Int(0), ", 10000)"));
    return absl::OkStatus();
  };
  EXPECT_THAT(InTransaction(ACall(), database_.pool(), ended_before_commit),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Count(), "0");
}

TEST_F(InDoubtTest, WithoutAKeyALostAnswerToCommitIsInDoubt) {
  proxy_.CutAt("COMMIT", StallingProxy::Place::kAnswered);
  int announced = 0;
  const absl::Status status = InTransaction(ACall(), pool_, [&](Transaction& tx) {
    tx.AfterCommit([&] { ++announced; });
    return tx.ExecuteOnRow(kInsert, {"a", "v"});
  });
  ASSERT_TRUE(proxy_.WasCut());
  EXPECT_EQ(announced, 1);
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(std::string(status.message()), HasSubstr("idempotency-key"));
  EXPECT_EQ(Count(), "1");
}

TEST_F(InDoubtTest, WithAKeyACommitWhoseAnswerWasLostIsFound) {
  proxy_.CutAt("COMMIT", StallingProxy::Place::kAnswered);
  EXPECT_THAT(Create(ACallWithKey("key"), pool_, "a"), IsOkAndHolds("a"));
  EXPECT_TRUE(proxy_.WasCut());
  EXPECT_EQ(Count(), "1");
}

TEST_F(InDoubtTest, WithAKeyACommitThatNeverArrivedIsMadeAgain) {
  proxy_.CutAt("COMMIT", StallingProxy::Place::kBefore);
  EXPECT_THAT(Create(ACallWithKey("key"), pool_, "a"), IsOkAndHolds("a"));
  EXPECT_TRUE(proxy_.WasCut());
  EXPECT_EQ(Count(), "1");
}

TEST_F(InDoubtTest, ACommitOnWhichTheDatabaseStillWorksIsWaitedFor) {
  AtCommit("PERFORM pg_sleep(1);");
  proxy_.CutAt("COMMIT", StallingProxy::Place::kBehind);
  EXPECT_THAT(Create(ACallWithKey("key"), pool_, "a"), IsOkAndHolds("a"));
  EXPECT_TRUE(proxy_.WasCut());
  EXPECT_EQ(Count(), "1");
  EXPECT_EQ(database_.Ask("SELECT answer FROM idempotency_keys"), "a");
}

TEST_F(InDoubtTest, ACommitThatFailsWhileNobodyListensIsMadeAgain) {
  AtCommit("PERFORM pg_sleep(0.5); IF nextval('attempts') = 1 THEN PERFORM fail('23514'); END IF;");
  proxy_.CutAt("COMMIT", StallingProxy::Place::kBehind);
  EXPECT_THAT(Create(ACallWithKey("key"), pool_, "a"), IsOkAndHolds("a"));
  EXPECT_TRUE(proxy_.WasCut());
  EXPECT_EQ(Count(), "1");
}

// How many COMMITs are cut: USHER_LOST_COMMITS, for the thousand of P2 (half a minute).
int LostCommits() {
  const char* const text = std::getenv("USHER_LOST_COMMITS");
  int commits = 0;
  return text != nullptr && absl::SimpleAtoi(text, &commits) ? commits : 100;
}

// P2: looked up by the idempotency key, never guessed.
TEST_F(InDoubtTest, CutsRightBehindTheCommitAreNeitherToldAsFailuresNorDoubleAnything) {
  const int commits = LostCommits();
  int cut = 0;
  for (int i = 0; i < commits; ++i) {
    const std::string id = absl::StrCat("item ", i);
    proxy_.CutAt("COMMIT",
                 i % 2 == 0 ? StallingProxy::Place::kBehind : StallingProxy::Place::kAnswered);
    EXPECT_THAT(Create(ACallWithKey(id), pool_, id), IsOkAndHolds(id)) << "a false failure";
    cut += proxy_.WasCut() ? 1 : 0;
    EXPECT_THAT(Create(ACallWithKey(id), pool_, id + " again"), IsOkAndHolds(id)) << "a duplicate";
  }
  EXPECT_EQ(cut, commits);
  EXPECT_EQ(Count(), absl::StrCat(commits));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM idempotency_keys"), absl::StrCat(commits));
}

// Wherever it is cut: what was told as done is there, what was told as not done is not, and what
// was in doubt is there once when the call is repeated with its key.
TEST_F(InDoubtTest, CutsAtRandomPlacesDoubleNothingAndHideNothing) {
  constexpr int kCuts = 100;
  int cut = 0;
  for (int i = 0; i < kCuts; ++i) {
    const std::string id = absl::StrCat("item ", i);
    const std::string count = absl::StrCat("SELECT count(*) FROM items WHERE id LIKE '", id, "%'");
    const CallContext call = ACallWithKey(id);
    proxy_.CutAfter(1 + randombytes_uniform(700));
    const absl::StatusOr<std::string> created = Create(call, pool_, id);
    cut += proxy_.WasCut() ? 1 : 0;
    proxy_.CutAfter(0);
    if (created.ok()) {
      EXPECT_EQ(database_.Ask(count), "1");
    } else if (absl::IsUnavailable(created.status())) {
      EXPECT_EQ(database_.Ask(count), "0");
    } else {
      EXPECT_THAT(created, IsUndecided(absl::StatusCode::kDeadlineExceeded));
    }
    EXPECT_THAT(Create(call, pool_, absl::StrCat(id, " again")),
                IsOkAndHolds(::testing::StartsWith(id)));
    EXPECT_EQ(database_.Ask(count), "1") << id << ": " << created.status();
  }
  EXPECT_GT(cut, kCuts / 10);  // else nothing was tried
}

// What PostgreSQL says when the wait for a synchronous standby is given up has this SQLSTATE.
TEST_F(InDoubtTest, ACommitThatMayNotLastIsInDoubt) {
  AtCommit("RAISE WARNING 'canceling wait for synchronous replication due to user request';");
  EXPECT_THAT(Create(ACallWithKey("key"), pool_, "a"),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(Execute(ACall(), pool_, kInsert, {"b", "v"}),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(InBatch(kInsert, {"c", "v"}), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(InBatch(kFind, {"c"}));
}

// C16.
TEST_F(InDoubtTest, ATransactionInWhichAStatementFailedIsNotCommitted) {
  const absl::Status status = InTransaction(ACall(), pool_, [](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a", "v"}));
    EXPECT_FALSE(tx.Execute(kWrong, {0}).ok());
    return absl::OkStatus();
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), "0");
}

TEST_F(InDoubtTest, AStatementThatAnotherOneWasInTheWayOfIsRunAgainOnce) {
  EXPECT_OK(Execute(ACall(), pool_, kInsertOrFail, {"a", 1}));
  database_.Run("SELECT setval('attempts', 1, false)");
  EXPECT_OK(InBatch(kInsertOrFail, {"b", 1}));
  EXPECT_EQ(Count(), "2");
}

// C11.
TEST_F(InDoubtTest, NoDriverTextIsToldOfADeadlock) {
  for (const absl::StatusOr<Rows>& rows :
       {Execute(ACall(), pool_, kInsertOrFail, {"a", 100}), InBatch(kInsertOrFail, {"b", 100})}) {
    EXPECT_THAT(rows, IsUndecided(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(rows.status().ToString(), Not(HasSubstr("driver text")));
  }
}

// G6.
TEST_F(InDoubtTest, NoParameterIsCutAtANul) {
  const std::string nul("admin\0x", 7);
  EXPECT_THAT(Execute(ACall(), pool_, kInsert, {"a", nul}),
              IsUndecided(absl::StatusCode::kInternal));
  EXPECT_THAT(InBatch(kInsert, {"b", nul}), IsUndecided(absl::StatusCode::kInternal));
  EXPECT_THAT(InTransaction(ACall(), pool_,
                            [&](Transaction& tx) {
                              return tx.Execute(kInsert, {"c", nul}).status();
                            }),
              IsUndecided(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), "0");
}

}  // namespace in_doubt_test
}  // namespace usher::db
