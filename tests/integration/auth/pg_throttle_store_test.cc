#include "services/auth/throttle/pg_throttle_store.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/change_places.h"
#include "common/db/transaction.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/throttle_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_throttle_store_test {

class OnPostgreSql : public ::testing::Test {
 protected:
  ThrottleStore& store() { return store_; }
  ThrottleStore& replica() { return replica_; }
  // What is kept was that much earlier: the clock itself cannot be set.
  void Pass(absl::Duration time) {
    const std::string seconds = absl::StrCat(absl::ToInt64Seconds(time));
    database_.Run("UPDATE guesses SET free_at = free_at - interval '" + seconds +
                  " seconds', right_at = right_at - interval '" + seconds +
                  " seconds', forget_at = forget_at - interval '" + seconds + " seconds'");
  }

  ScratchDatabase database_{Migrations()};

 private:
  std::unique_ptr<db::Pool> other_pool_ = database_.OpenPool();
  PgThrottleStore store_{database_.pool()};
  PgThrottleStore replica_{*other_pool_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, ThrottleStoreContract, ::testing::Types<OnPostgreSql>);

class PgThrottleStoreTest : public ThrottleStoreContract<OnPostgreSql> {};

TEST_F(PgThrottleStoreTest, NeitherNamesNorAddressesStandInTheTable) {
  NothingRefused refusals;
  GuessThrottle throttle(store(), refusals, Pepper({Secret(std::string(32, 'p'))}), GuessLimits());
  CallContext call = ACall();
  call.source = "192.0.2.99";
  const auto ticket = throttle.Admit(call, {.company = CompanyId("acme"),
                                            .principal = "a telling name",
                                            .user = UserId(),
                                            .what = "sign-in"});
  ASSERT_OK(ticket);
  EXPECT_THAT(throttle.Wrong(call, *ticket, TooManyGuesses(absl::Seconds(1))),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM guesses"), "3");
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM guesses WHERE guesses::text LIKE '%telling%' OR "
                          "guesses::text LIKE '%192.0.2%'"),
            "0");
}

// As many as wait for a directory that hangs: none of them is in the way of who changes something.
TEST_F(PgThrottleStoreTest, WhoIsCountedTakesNoPlaceOfThoseWhoseCommitMayHang) {
  const size_t most = db::MostChanges(database_.pool().size());
  std::vector<db::ChangePlaces::Place> taken;
  for (size_t i = 0; i < most; ++i) {
    auto place = db::TheChangePlaces().Take(ACall(), most);
    ASSERT_OK(place);
    taken.push_back(*std::move(place));
  }
  GuessKeys keys;
  keys.company = CompanyId("acme");
  keys.account = NewUuid();
  int counted = 0;
  EXPECT_OK(store().Change(ACall(), keys, [&](const GuessState& state) {
    ++counted;
    EXPECT_EQ(db::TheChangePlaces().taken(), most);
    return absl::StatusOr<GuessState>(state);
  }));
  EXPECT_EQ(counted, 1);
}

TEST_F(PgThrottleStoreTest, CountsAreNotFlushedAndWhatFollowsOnTheConnectionIs) {
  // Whatever the cluster of the tests is set to.
  database_.Run(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', "
      "current_database()); END $$");
  const GuessKeys keys = NewKeys();
  std::string during;
  const auto pool = database_.OpenPool({.connections = 1});
  ASSERT_OK(db::InTransaction(ACall(), *pool, [&](db::Transaction& tx) -> absl::Status {
    static constexpr db::Statement kShow{"show", "SELECT current_setting('synchronous_commit')"};
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(kShow, {}));
    during = rows[0].Text(0);
    return absl::OkStatus();
  }));
  EXPECT_EQ(during, "on");
  PgThrottleStore store(*pool);
  ASSERT_OK(Count(store, keys));
  ASSERT_OK(db::InTransaction(ACall(), *pool, [&](db::Transaction& tx) -> absl::Status {
    static constexpr db::Statement kShow{"show", "SELECT current_setting('synchronous_commit')"};
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(kShow, {}));
    during = rows[0].Text(0);
    return absl::OkStatus();
  }));
  EXPECT_EQ(during, "on");
}

}  // namespace pg_throttle_store_test
}  // namespace usher::auth
