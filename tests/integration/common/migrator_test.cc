#include "common/db/migrator.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace migrator_test {

std::vector<Migration> First() { return {{"test/0001_first", "CREATE TABLE first (id int)"}}; }
std::vector<Migration> Both() {
  return {First()[0], {"test/0002_second", "ALTER TABLE first ADD COLUMN name text"}};
}

class MigratorTest : public ::testing::Test {
 protected:
  // How many were applied; -1 for a failure.
  int Apply(const std::vector<Migration>& migrations) {
    int applied = 0;
    const absl::Status status = Migrate(database_.pool(), migrations, &applied);
    EXPECT_OK(status);
    return status.ok() ? applied : -1;
  }
  absl::Status Status(const std::vector<Migration>& migrations) {
    int applied = 0;
    return Migrate(database_.pool(), migrations, &applied);
  }

  ScratchDatabase database_;
};

TEST_F(MigratorTest, BringsAnEmptyDatabaseToTheHead) {
  EXPECT_THAT(RequireCurrentSchema(database_.pool(), Both()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Apply(Both()), 2);
  EXPECT_OK(RequireCurrentSchema(database_.pool(), Both()));
  database_.Run("INSERT INTO first (id, name) VALUES (1, 'a')");
}

TEST_F(MigratorTest, AppliesOnlyWhatIsMissing) {
  EXPECT_EQ(Apply(First()), 1);
  EXPECT_EQ(Apply(First()), 0);
  EXPECT_EQ(Apply(Both()), 1);
  EXPECT_EQ(Apply(Both()), 0);
}

TEST_F(MigratorTest, TwoAtOnceDoItOnce) {
  std::vector<Migration> slow = Both();
  slow[0].sql += "; SELECT pg_sleep(0.2)";
  std::vector<std::unique_ptr<Pool>> pools;
  std::vector<int> applied(4, 0);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < applied.size(); ++i) pools.push_back(database_.OpenPool());
  for (size_t i = 0; i < applied.size(); ++i) {
    threads.emplace_back([&, i] { EXPECT_OK(Migrate(*pools[i], slow, &applied[i])); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], 2);
}

TEST_F(MigratorTest, RefusesAMigrationThatWasChanged) {
  ASSERT_EQ(Apply(First()), 1);
  std::vector<Migration> changed = First();
  changed[0].sql += " ";
  EXPECT_THAT(Status(changed), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(RequireCurrentSchema(database_.pool(), changed),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MigratorTest, RefusesADatabaseOfANewerRelease) {
  ASSERT_EQ(Apply(Both()), 2);
  EXPECT_THAT(Status(First()), StatusIs(absl::StatusCode::kFailedPrecondition));
  const absl::Status status = RequireCurrentSchema(database_.pool(), First());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("newer release"));
}

// In a rolling upgrade, a server of the release before that crashed has to come back.
TEST_F(MigratorTest, AServerOfTheReleaseBeforeStartsOnWhatOnlyAdds) {
  std::vector<Migration> next = First();
  next.push_back({"test/0002_add", "-- Why.\n-- additive\nCREATE TABLE added (id int)"});
  ASSERT_EQ(Apply(next), 2);
  EXPECT_OK(RequireCurrentSchema(database_.pool(), First()));
  EXPECT_OK(RequireCurrentSchema(database_.pool(), next));
  EXPECT_THAT(Status(First()), StatusIs(absl::StatusCode::kFailedPrecondition))
      << "but it does not migrate what a newer release has";
}

TEST_F(MigratorTest, WhatIsMissingIsMissingBesideWhatOnlyAdds) {
  std::vector<Migration> next = First();
  next.push_back({"test/0002_add", "-- additive\nCREATE TABLE added (id int)"});
  ASSERT_EQ(Apply(next), 2);
  EXPECT_THAT(RequireCurrentSchema(database_.pool(), Both()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MigratorTest, SaysWhatToDoWhenTheDatabaseIsOlder) {
  ASSERT_EQ(Apply(First()), 1);
  const absl::Status status = RequireCurrentSchema(database_.pool(), Both());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("--migrate"));
}

TEST_F(MigratorTest, LeavesNothingOfAMigrationThatFails) {
  std::vector<Migration> broken = Both();
  broken[1].sql = "CREATE TABLE second (id int); SELECT nothing FROM nowhere";
  EXPECT_FALSE(Status(broken).ok());
  EXPECT_EQ(database_.Ask("SELECT to_regclass('second') IS NULL"), "t");
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM schema_migrations"), "1");
  EXPECT_EQ(Apply(Both()), 1);  // mended
}

TEST_F(MigratorTest, LetsGoOfItsLock) {
  ASSERT_EQ(Apply(First()), 1);
  EXPECT_EQ(
      database_.Ask("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                    "WHERE l.locktype = 'advisory' AND d.datname = current_database()"),
      "0");
}

}  // namespace migrator_test
}  // namespace usher::db
