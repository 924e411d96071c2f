// What every service forgets.
#include "common/server/housekeeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/retention.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::server {
namespace housekeeping_test {

class HousekeepingTest : public ::testing::Test {
 protected:
  void FillKeys(int count, const std::string& age) {
    database_.Run(absl::StrCat(
        "INSERT INTO idempotency_keys (company_id, user_id, rpc, key, request_hash, answer, "
        "created_at) SELECT 'acme', gen_random_uuid(), 'x', '",
        age, "', '', '', now() - interval '", age, "' FROM generate_series(1, ", count, ")"));
  }
  void FillAudit(int count, const std::string& age) {
    database_.Run(absl::StrCat(
        "INSERT INTO audit (company_id, at, rpc, object, request_id, peer) SELECT 'acme', now() - "
        "interval '",
        age, "', 'x', '", age, "', '', '' FROM generate_series(1, ", count, ")"));
  }
  std::string Ages(const std::string& column, const std::string& table) {
    return database_.Ask(
        absl::StrCat("SELECT string_agg(DISTINCT ", column, ", ',') FROM ", table));
  }

  ScratchDatabase database_{std::vector<db::Migration>{}};
  db::Pool& pool_ = database_.pool();
};

// C13.
TEST_F(HousekeepingTest, IdempotencyKeysAreForgottenAfter24Hours) {
  FillKeys(2500, "25 hours");
  FillKeys(10, "23 hours");
  Housekeeping housekeeping(pool_, absl::ZeroDuration(), nullptr);
  EXPECT_OK(housekeeping.CleanUp());
  EXPECT_EQ(Ages("key", "idempotency_keys"), "23 hours");
}

TEST_F(HousekeepingTest, AuditRowsAreForgottenAfterTheirRetention) {
  FillAudit(2500, "31 days");
  FillAudit(10, "29 days");
  Housekeeping housekeeping(pool_, absl::Hours(30 * 24), nullptr);
  EXPECT_OK(housekeeping.CleanUp());
  EXPECT_EQ(Ages("object", "audit"), "29 days");
}

TEST_F(HousekeepingTest, WithoutARetentionAuditRowsStayForEver) {
  FillAudit(10, "40 years");
  Housekeeping housekeeping(pool_, absl::ZeroDuration(), nullptr);
  EXPECT_OK(housekeeping.CleanUp());
  EXPECT_EQ(Ages("object", "audit"), "40 years");
}

TEST_F(HousekeepingTest, OneStatementForgetsNoMoreThanItMay) {
  FillKeys(25, "25 hours");
  FillAudit(25, "31 days");
  EXPECT_THAT(db::ForgetOldIdempotencyKeys(ACall(), pool_, 10), IsOkAndHolds(10));
  EXPECT_THAT(db::ForgetOldAudit(ACall(), pool_, absl::Hours(24), 10), IsOkAndHolds(10));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM idempotency_keys"), "15");
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM audit"), "15");
}

TEST_F(HousekeepingTest, NoCompanyIsPassedByAndNoneGetsMoreThanItsTurn) {
  for (const char* insert :
       {"INSERT INTO idempotency_keys (company_id, user_id, rpc, key, request_hash, answer, "
        "created_at) SELECT 'acme' || i % 12, gen_random_uuid(), 'x', '', '', '', "
        "now() - interval '25 hours' FROM generate_series(1, 25) i",
        "INSERT INTO audit (company_id, at, rpc, object, request_id, peer) SELECT 'acme' || i % "
        "12, "
        "now() - interval '25 hours', 'x', '', '', '' FROM generate_series(1, 25) i"}) {
    database_.Run(insert);
  }
  for (const int expected : {10, 10, 5, 0}) {
    EXPECT_THAT(db::ForgetOldIdempotencyKeys(ACall(), pool_, 10), IsOkAndHolds(expected));
    EXPECT_THAT(db::ForgetOldAudit(ACall(), pool_, absl::Hours(24), 10), IsOkAndHolds(expected));
  }
}

TEST_F(HousekeepingTest, NobodyWaitsForARowThatSomebodyElseIsForgetting) {
  FillKeys(1, "25 hours");
  const absl::Status status =
      db::InTransaction(ACall(), pool_, [&](db::Transaction& tx) -> absl::Status {
        const auto held = db::Statement{"hold_keys", "SELECT 1 FROM idempotency_keys FOR UPDATE"};
        RETURN_IF_ERROR(tx.Execute(held, {}).status());
        EXPECT_THAT(db::ForgetOldIdempotencyKeys(ACall(), pool_, 10), IsOkAndHolds(0));
        return absl::OkStatus();
      });
  EXPECT_OK(status);
}

TEST_F(HousekeepingTest, ItsThreadCleansUpByItself) {
  FillKeys(5, "25 hours");
  Housekeeping housekeeping(pool_, absl::ZeroDuration(), nullptr);
  housekeeping.Start();
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (database_.Ask("SELECT count(*) FROM idempotency_keys") != "0") {
    ASSERT_LT(absl::Now(), until);
  }
}

}  // namespace housekeeping_test
}  // namespace usher::server
