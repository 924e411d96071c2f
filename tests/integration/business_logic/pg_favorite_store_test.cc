#include "services/business_logic/pg_favorite_store.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/business_logic/migrations.h"
#include "tests/support/contracts/favorite_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::business_logic {
namespace pg_favorite_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  FavoriteStore& store() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgFavoriteStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, FavoriteStoreContract, ::testing::Types<OnPostgres>);

class PgFavoriteStoreTest : public OnPostgres {
 protected:
  absl::Status Add(const std::vector<RoomId>& rooms) {
    return store_.Change(ACall(), AnOwner(), {.add = rooms, .remove = {}});
  }
  std::string Count(const std::string& table) {
    return database_.Ask(absl::StrCat("SELECT count(*) FROM ", table));
  }
};

TEST_F(PgFavoriteStoreTest, EveryChangeLeavesAnAuditRowAndARefusedOneNone) {
  EXPECT_OK(Add(ContractRooms(1, 1000)));
  EXPECT_OK(Add({ContractRoom(1)}));
  EXPECT_THAT(Add({ContractRoom(1001)}), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_OK(store_.Change(ACall(), AnOwner(),
                          {.add = {ContractRoom(1001)}, .remove = ContractRooms(1, 2)}));
  EXPECT_EQ(database_.Ask("SELECT string_agg(detail, ' | ' ORDER BY at) FROM audit"
                          " WHERE company_id = 'acme'"),
            "favorites: 1000 added, 0 removed | favorites: 1 added, 2 removed");
}

TEST_F(PgFavoriteStoreTest, OfAForgottenUserThereIsAnAuditRowWhereThereWasSomething) {
  EXPECT_OK(Add(ContractRooms(1, 3)));
  for (int i = 0; i < 2; ++i) EXPECT_OK(store_.Forget(ACall(), AnOwner()));
  EXPECT_EQ(database_.Ask("SELECT string_agg(detail, ' | ' ORDER BY at) FROM audit"
                          " WHERE company_id = 'acme'"),
            "favorites: 3 added, 0 removed | favorites forgotten: 3");
}

// The check of one must not be done while the other is not committed yet.
TEST_F(PgFavoriteStoreTest, OfTwoUpdatesAtOnceOnlyOnePassesTheLimit) {
  EXPECT_OK(Add(ContractRooms(1, 999)));
  for (int round = 0; round < 10; ++round) {
    absl::Status one;
    std::thread thread([&] { one = Add({ContractRoom(2000 + round)}); });
    const absl::Status other = Add({ContractRoom(3000 + round)});
    thread.join();
    EXPECT_NE(one.ok(), other.ok());
    EXPECT_THAT(one.ok() ? other : one, HasReplyCode(::common::QUOTA_EXCEEDED));
    EXPECT_EQ(Count("favorites"), "1000");
    database_.Run("DELETE FROM favorites WHERE room_id > '" + ContractRoom(999).value() + "'");
  }
}

}  // namespace pg_favorite_store_test
}  // namespace usher::business_logic
