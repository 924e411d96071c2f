// A database that says nothing: no call waits for it beyond its deadline.
#include <gtest/gtest.h>
#include <signal.h>

#include <functional>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/db/batch.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/stalling_proxy.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace silent_database_test {

constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
constexpr Statement kInsert{"insert", "INSERT INTO items (id) VALUES ($1)"};
constexpr Statement kLimit{"limit", "SELECT current_setting('statement_timeout')"};

constexpr absl::Duration kPatience = absl::Seconds(1);
// A machine that is busy with other things may run us late, but not by this much.
constexpr absl::Duration kSlack = absl::Seconds(4);

CallContext ABriefCall() { return ACaller().Until(absl::Now() + kPatience).BuildCall(); }

class SilentDatabaseTest : public ::testing::Test {
 protected:
  SilentDatabaseTest() { database_.Run("CREATE TABLE items (id text PRIMARY KEY)"); }

  static absl::Duration TimeOf(const std::function<void()>& work) {
    const absl::Time began = absl::Now();
    work();
    return absl::Now() - began;
  }

  ScratchDatabase database_;
  StallingProxy proxy_{database_.url()};
};

// While one is frozen the server makes and drops no database, also for other tests.
class FrozenBackend {
 public:
  explicit FrozenBackend(int64_t pid) : pid_(static_cast<pid_t>(pid)) {
    EXPECT_EQ(kill(pid_, SIGSTOP), 0);
  }
  ~FrozenBackend() { kill(pid_, SIGCONT); }
  FrozenBackend(const FrozenBackend&) = delete;
  FrozenBackend& operator=(const FrozenBackend&) = delete;

 private:
  const pid_t pid_;
};

// C5.
TEST_F(SilentDatabaseTest, ATransactionOnAFrozenBackendEndsWithItsCall) {
  Pool pool({.url = database_.url()});
  std::optional<FrozenBackend> frozen;
  absl::Status status;
  const absl::Duration took = TimeOf([&] {
    status = InTransaction(ABriefCall(), pool, [&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kPid, {}));
      frozen.emplace(rows[0].Int(0));
      return tx.ExecuteOnRow(kInsert, {"a"});
    });
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(took, kPatience + kSlack);
  EXPECT_EQ(pool.in_use(), 0u);
  EXPECT_OK(Execute(ACall(), pool, kPid, {}));  // on another connection
}

TEST_F(SilentDatabaseTest, BeginEndsWithItsCall) {
  Pool pool({.url = proxy_.url(), .connections = 1});
  ASSERT_OK(Execute(ACall(), pool, kPid, {}));
  proxy_.Hold();
  const absl::Duration took = TimeOf([&] {
    EXPECT_THAT(InTransaction(ABriefCall(), pool,
                              [](Transaction&) -> absl::Status {
                                ADD_FAILURE() << "the body ran";
                                return absl::OkStatus();
                              }),
                IsUndecided(absl::StatusCode::kDeadlineExceeded));
  });
  EXPECT_LT(took, kPatience + kSlack);
}

TEST_F(SilentDatabaseTest, AChangeThatIsNotAnsweredIsInDoubt) {
  Pool pool({.url = proxy_.url(), .connections = 1});
  ASSERT_OK(Execute(ACall(), pool, kInsert, {"prepared"}));
  proxy_.Hold();
  const absl::Duration took = TimeOf([&] {
    const auto rows = Execute(ABriefCall(), pool, kInsert, {"a"});
    EXPECT_THAT(rows, IsUndecided(absl::StatusCode::kDeadlineExceeded));
    EXPECT_THAT(std::string(rows.status().message()), ::testing::HasSubstr("idempotency-key"));
  });
  EXPECT_LT(took, kPatience + kSlack);
}

TEST_F(SilentDatabaseTest, CommitEndsWithItsCallAndIsInDoubt) {
  Pool pool({.url = proxy_.url()});
  absl::Status status;
  const absl::Duration took = TimeOf([&] {
    status = InTransaction(ABriefCall(), pool, [&](Transaction& tx) -> absl::Status {
      RETURN_IF_ERROR(tx.ExecuteOnRow(kInsert, {"a"}));
      proxy_.Hold();
      return absl::OkStatus();
    });
  });
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("idempotency-key"));
  EXPECT_LT(took, kPatience + kSlack);
}

TEST_F(SilentDatabaseTest, NobodyWaitsForAConnectionBeyondHisDeadline) {
  proxy_.Hold();
  Pool pool({.url = proxy_.url() + " connect_timeout=60"});
  EXPECT_LT(TimeOf([&] {
              EXPECT_THAT(pool.Take(ABriefCall()),
                          IsUndecided(absl::StatusCode::kDeadlineExceeded));
            }),
            kPatience + kSlack);
  EXPECT_EQ(pool.in_use(), 0u);
  Batch batch({.url = proxy_.url() + " connect_timeout=60"});
  EXPECT_LT(TimeOf([&] {
              batch.Run({[&] {
                EXPECT_THAT(batch.Ask(kInsert, {"a"}, absl::Now() + kPatience),
                            IsUndecided(absl::StatusCode::kDeadlineExceeded));
              }});
            }),
            kPatience + kSlack);
}

TEST_F(SilentDatabaseTest, TheStartEndsWithoutAnAnswer) {
  proxy_.Hold();
  EXPECT_LT(TimeOf([&] {
              EXPECT_THAT(Pool::Open({.url = proxy_.url()}),
                          IsUndecided(absl::StatusCode::kUnavailable));
            }),
            absl::Seconds(2) + kSlack);
}

// A deadline of its own for each, though they wait for one answer.
TEST_F(SilentDatabaseTest, OfABatchEachIsAnsweredAtItsOwnDeadline) {
  Batch batch({.url = proxy_.url()});
  batch.Run({[&] {
    EXPECT_OK(batch.Ask(kPid, {}, absl::Now() + absl::Seconds(30)));
    EXPECT_OK(batch.Ask(kInsert, {"prepared"}, absl::Now() + absl::Seconds(30)));
  }});
  proxy_.Hold();
  const absl::Time began = absl::Now();
  absl::Time early = absl::InfiniteFuture();
  batch.Run({[&] {
               const auto read = batch.Ask(kPid, {}, began + kPatience);
               EXPECT_THAT(read, IsUndecided(absl::StatusCode::kDeadlineExceeded));
               early = absl::Now();
             },
             [&] {
               const auto change = batch.Ask(kInsert, {"a"}, began + kPatience + kSlack);
               EXPECT_THAT(std::string(change.status().message()),
                           ::testing::HasSubstr("idempotency-key"));
             }});
  EXPECT_LT(early, began + kPatience + kSlack / 2);
}

TEST_F(SilentDatabaseTest, AStatementOfATransactionRunsNoLongerThanItsCall) {
  Pool pool({.url = database_.url()});
  const auto limit = [&](absl::Duration left) {
    const CallContext call = ACaller().Until(absl::Now() + left).BuildCall();
    return InTransaction(call, pool, [](Transaction& tx) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kLimit, {}));
      return rows[0].Text(0);
    });
  };
  EXPECT_THAT(limit(absl::Minutes(1)), IsOkAndHolds("5s"));
  const absl::StatusOr<std::string> brief = limit(absl::Milliseconds(4900));
  ASSERT_OK(brief);
  EXPECT_THAT(*brief, ::testing::EndsWith("ms"));
  EXPECT_THAT(limit(absl::Minutes(1)), IsOkAndHolds("5s"));
}

// C14: as a firewall does with what was idle for long.
TEST_F(SilentDatabaseTest, AConnectionThatTheNetworkMayHaveForgottenIsNotUsedForAChange) {
  const PoolOptions options{.url = proxy_.url(), .longest_idle = absl::ZeroDuration()};
  Pool pool(options);
  Batch batch(options);
  ASSERT_OK(Execute(ACall(), pool, kInsert, {"a"}));
  batch.Run({[&] { EXPECT_OK(Execute(ACall(), pool, kInsert, {"b"})); }});
  proxy_.Forget();
  EXPECT_OK(Execute(ACall(), pool, kInsert, {"c"}));
  batch.Run({[&] { EXPECT_OK(Execute(ACall(), pool, kInsert, {"d"})); }});
}

TEST_F(SilentDatabaseTest, AHostThatSaysNothingIsPassedOver) {
  StallingProxy silent(database_.url());
  StallingProxy good(database_.url());
  silent.Hold();
  Pool pool({.url = absl::StrCat(database_.url(), " host=127.0.0.1,127.0.0.1 port=", silent.port(),
                                 ",", good.port(), " connect_timeout=1")});
  EXPECT_OK(Execute(ACall(), pool, kPid, {}));
}

}  // namespace silent_database_test
}  // namespace usher::db
