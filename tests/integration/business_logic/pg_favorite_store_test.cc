#include "services/business_logic/pg_favorite_store.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/business_logic/migrations.h"
#include "services/business_logic/pg_permission_group_store.h"
#include "tests/support/contracts/favorite_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::business_logic {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

class PgPermissionGroupStoreTest : public ::testing::Test {
 protected:
  void Insert(const std::string& company, const std::string& id, int order, RoomRights rights) {
    database_.Run(absl::StrCat("INSERT INTO permission_groups VALUES ('", company, "', '", id,
                               "', 'The ", id, "', ", order, ", ", rights.mask(), ")"));
  }
  auto List(const std::string& company) { return store_.List(ACall(), CompanyId(company)); }

  ScratchDatabase database_{Migrations()};
  PgPermissionGroupStore store_{database_.pool()};
};

TEST_F(PgPermissionGroupStoreTest, ACompanyWithoutGroupsHasNone) {
  Insert("beta", "staff", 1, kAllRoomRights);
  EXPECT_THAT(List("acme"), IsOkAndHolds(IsEmpty()));
}

TEST_F(PgPermissionGroupStoreTest, GroupsComeInTheirOrderWithAllTheyHold) {
  Insert("acme", "zoo", 1, {RoomRight::kJoin});
  Insert("acme", "staff", 7, kAllRoomRights);
  Insert("acme", "all", 1, {});
  const PermissionGroup all{"all", "The all", 1, {}};
  const PermissionGroup zoo{"zoo", "The zoo", 1, {RoomRight::kJoin}};
  const PermissionGroup staff{"staff", "The staff", 7, kAllRoomRights};
  EXPECT_THAT(List("acme"), IsOkAndHolds(ElementsAre(all, zoo, staff)));
}

TEST_F(PgPermissionGroupStoreTest, GroupsThatNoReplyCanHoldAreRefused) {
  database_.Run(
      "INSERT INTO permission_groups SELECT 'acme', i::text, repeat('x', 60000), 1, 0"
      " FROM generate_series(1, 70) i");
  EXPECT_THAT(List("acme"), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(List("beta"), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace usher::business_logic
