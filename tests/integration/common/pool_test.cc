#include "common/db/pool.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/numbers.h"
#include "common/db/counters.h"
#include "common/db/transaction.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace pool_test {

constexpr Statement kOne{"one", "SELECT 1"};
constexpr Statement kSettings{
    "settings", "SELECT current_setting('TimeZone'), current_setting('statement_timeout')"};

class PoolTest : public ::testing::Test {
 protected:
  const CallContext call_ = ACall();
  ScratchDatabase database_;
};

TEST_F(PoolTest, NeverHandsOutMoreThanItHas) {
  const auto pool =
      database_.OpenPool({.url = "", .connections = 2, .longest_wait = absl::Milliseconds(20)});
  {
    const auto first = pool->Take(call_);
    const auto second = pool->Take(call_);
    ASSERT_OK(first);
    ASSERT_OK(second);
    EXPECT_EQ(pool->in_use(), 2u);
    EXPECT_THAT(pool->Take(call_), IsUndecided(absl::StatusCode::kResourceExhausted));
    EXPECT_EQ(pool->in_use(), 2u);
  }
  EXPECT_EQ(pool->in_use(), 0u);
  EXPECT_OK(pool->Take(call_));
}

TEST_F(PoolTest, WaitsNoLongerThanTheCall) {
  const auto pool =
      database_.OpenPool({.url = "", .connections = 1, .longest_wait = absl::Minutes(5)});
  const auto lease = pool->Take(call_);
  ASSERT_OK(lease);
  const CallContext brief = ACaller().Until(absl::Now() + absl::Milliseconds(20)).BuildCall();
  EXPECT_THAT(pool->Take(brief), IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PoolTest, GivesAWaiterTheConnectionThatComesBack) {
  const auto pool =
      database_.OpenPool({.url = "", .connections = 1, .longest_wait = absl::Minutes(1)});
  auto lease = std::make_unique<absl::StatusOr<Pool::Lease>>(pool->Take(call_));
  ASSERT_OK(*lease);
  std::thread waiter([&] { EXPECT_OK(pool->Take(call_)); });
  lease.reset();
  waiter.join();
}

TEST_F(PoolTest, ServesManyThreadsWithFewConnections) {
  const auto pool =
      database_.OpenPool({.url = "", .connections = 3, .longest_wait = absl::Minutes(1)});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        EXPECT_OK(Execute(call_, *pool, kOne, {}));
        EXPECT_LE(pool->in_use(), 3u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int connections = 0;
  ASSERT_TRUE(absl::SimpleAtoi(
      database_.Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"),
      &connections));
  EXPECT_LE(connections, 3);
}

TEST_F(PoolTest, TakesTheConnectionThatWasUsedLast) {
  constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
  const auto pool = database_.OpenPool();
  const auto first = Execute(call_, *pool, kPid, {});
  const auto second = Execute(call_, *pool, kPid, {});
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_EQ((*first)[0].Int(0), (*second)[0].Int(0));
}

TEST_F(PoolTest, TheFirstCallGetsTheConnectionThatTheStartHasTried) {
  const uint64_t before = TheCounters().connects;
  const auto pool = Pool::Open({.url = database_.url()});
  ASSERT_OK(pool);
  EXPECT_OK(Execute(call_, **pool, kOne, {}));
  EXPECT_EQ(TheCounters().connects - before, 1u);
}

TEST_F(PoolTest, SetsUpEveryConnection) {
  const auto pool = database_.OpenPool({.url = "", .statement_timeout = absl::Seconds(7)});
  const auto rows = Execute(call_, *pool, kSettings, {});
  ASSERT_OK(rows);
  EXPECT_EQ((*rows)[0].Text(0), "UTC");
  EXPECT_EQ((*rows)[0].Text(1), "7s");
}

TEST_F(PoolTest, FailsAtTheStartWithoutADatabase) {
  EXPECT_THAT(Pool::Open({.url = database_.url() + "_not_there"}),
              IsUndecided(absl::StatusCode::kUnavailable));
  const auto wrong = Pool::Open({.url = "host=/no/such/folder user=jane password=hunter2"});
  EXPECT_THAT(wrong, IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(wrong.status().message()),
              ::testing::Not(::testing::HasSubstr("hunter2")));
}

TEST_F(PoolTest, FreesThePlaceOfAConnectionThatCouldNotBeOpened) {
  Pool pool({.url = "host=/no/such/folder", .connections = 1});
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(pool.Take(call_), IsUndecided(absl::StatusCode::kUnavailable));
  }
  EXPECT_EQ(pool.in_use(), 0u);
}

TEST_F(PoolTest, ADatabaseThatEndedItsConnectionsInBetweenIsNoErrorOfTheNextCall) {
  const auto pool = database_.OpenPool({.url = "", .connections = 1});
  constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
  const auto before = Execute(call_, *pool, kPid, {});
  ASSERT_OK(before);
  database_.Run("SELECT pg_terminate_backend(" + (*before)[0].Text(0) + ", 10000)");
  const auto after = Execute(call_, *pool, kPid, {});
  ASSERT_OK(after);
  EXPECT_NE((*after)[0].Text(0), (*before)[0].Text(0));
}

}  // namespace pool_test
}  // namespace usher::db
