#include "services/room/pg_room_store.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/migrations.h"
#include "services/room/room_list_sql.h"
#include "services/room/room_list_wire.h"
#include "services/room/room_order_sql.h"
#include "services/room/room_sql.h"
#include "tests/support/contracts/room_forget_contract.h"
#include "tests/support/contracts/room_list_contract.h"
#include "tests/support/contracts/room_page_contract.h"
#include "tests/support/contracts/room_sort_contract.h"
#include "tests/support/contracts/room_store_contract.h"
#include "tests/support/contracts/room_tree_contract.h"
#include "tests/support/contracts/room_update_contract.h"
#include "tests/support/random_rooms.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace pg_room_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  RoomStore& store() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgRoomStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomUpdateContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomListContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomPageContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomSortContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomTreeContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RoomForgetContract, ::testing::Types<OnPostgres>);

class PgRoomStoreTest : public OnPostgres {
 protected:
  RoomId Insert(Room room) {
    if (room.display_name.empty()) room.display_name = "room";
    const RoomId id(NewUuid());
    EXPECT_OK(store_.Insert(ACall(), Administrator(), id, room, AnyParent));
    return id;
  }
  static Viewer Administrator() { return {CompanyId("acme"), UserId(kCallerId), true, true, true}; }
  // The number of `what` in `table`.
  std::string Count(const std::string& table, const std::string& where = "true") {
    return database_.Ask(absl::StrCat("SELECT count(*) FROM ", table, " WHERE ", where));
  }
};

TEST_F(PgRoomStoreTest, EveryStatementCanBePreparedAndHasANameOfItsOwn) {
  std::set<std::string> names;
  std::vector<const db::Statement*> all(std::begin(sql::kAllOfRooms), std::end(sql::kAllOfRooms));
  all.insert(all.end(), std::begin(sql::kAllOfRoomLists), std::end(sql::kAllOfRoomLists));
  all.insert(all.end(), std::begin(sql::kAllOfRoomOrder), std::end(sql::kAllOfRoomOrder));
  for (const db::Statement* statement : all) {
    EXPECT_TRUE(names.insert(statement->name).second) << statement->name;
    EXPECT_NO_THROW(
        database_.Run(absl::StrCat("PREPARE ", statement->name, " AS ", statement->sql)))
        << statement->name;
    EXPECT_TRUE(absl::StrContains(statement->sql, "$1") ||
                absl::StrContains(statement->sql, "company_id"))
        << statement->name;
  }
}

TEST_F(PgRoomStoreTest, EveryChangeLeavesAnAuditRow) {
  const RoomId id = Insert({});
  RoomChange change;
  change.display_name = "other";
  change.entries = {{ContractUser(1), RoomRights{RoomRight::kJoin}}};
  EXPECT_OK(store_.Update(ACall(), Administrator(), id, change, [&](const LockedRoom& room) {
    return Merge(Administrator(), room, change, RoomLimits());
  }));
  EXPECT_OK(store_.Remove(ACall(), Administrator(), id,
                          [](const RoomAccess&) { return absl::OkStatus(); }));
  EXPECT_EQ(database_.Ask(absl::StrCat(
                "SELECT string_agg(detail, ' | ' ORDER BY at) FROM audit WHERE company_id = 'acme'"
                " AND object = 'room ",
                id.value(), "'")),
            "created | updated: displayName, permissions (1) | destroyed");
}

TEST_F(PgRoomStoreTest, OfAForgottenUserThereIsAnAuditRowWhereThereWasSomething) {
  Room room;
  room.entries[ContractUser(2)] = RoomRights{RoomRight::kJoin};
  for (int i = 0; i < 2; ++i) Insert(room);
  for (const bool expected : {true, false}) {
    EXPECT_THAT(store_.ForgetSome(ACall(), CompanyId("acme"), ContractUser(2), 100),
                IsOkAndHolds(expected));
  }
  EXPECT_EQ(
      database_.Ask(absl::StrCat("SELECT string_agg(detail, ' | ') FROM audit WHERE company_id"
                                 " = 'acme' AND object = 'user ",
                                 ContractUser(2).value(), "'")),
      "forgotten in rooms: 2");
}

TEST_F(PgRoomStoreTest, CountsAndTextsStayWhatTheTablesHoldWhenUsersAreForgotten) {
  Room room;
  for (int i = 0; i < 33; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  Insert(room);
  EXPECT_EQ(Count("rooms", "entries_text IS NULL"), "1");
  for (int i = 0; i < 33; ++i) {
    EXPECT_OK(store_.ForgetSome(ACall(), CompanyId("acme"), ContractUser(i), 100));
    EXPECT_EQ(Count("rooms",
                    "entry_count = (SELECT count(*) FROM room_rights) AND "
                    "entries_text = entries_of(company_id, room_id)"),
              "1");
  }
}

TEST_F(PgRoomStoreTest, ARefusedUpdateLeavesNoAuditRow) {
  const RoomId id = Insert({});
  EXPECT_THAT(store_.Update(ACall(), Administrator(), id, {},
                            [](const LockedRoom&) -> absl::StatusOr<RoomWrite> {
                              return LastAdministrator();
                            }),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Count("audit"), "1");
}

TEST_F(PgRoomStoreTest, ARemovedRoomLeavesNothingBehind) {
  Room room;
  room.entries[ContractUser(1)] = RoomRights{RoomRight::kJoin};
  room.sub_rooms[SubRoomId("a")] = {"A", 1};
  const RoomId id = Insert(room);
  EXPECT_OK(store_.Remove(ACall(), Administrator(), id,
                          [](const RoomAccess&) { return absl::OkStatus(); }));
  for (const char* table : {"rooms", "room_rights", "sub_rooms"}) EXPECT_EQ(Count(table), "0");
}

TEST_F(PgRoomStoreTest, TenThousandEntriesAreOneUpdate) {
  const RoomId id = Insert({});
  RoomChange change;
  for (int i = 0; i < 10000; ++i) change.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  const auto decide = [&](const LockedRoom& room) {
    return Merge(Administrator(), room, change, RoomLimits());
  };
  EXPECT_OK(store_.Update(ACall(), Administrator(), id, change, decide));
  EXPECT_EQ(Count("room_rights"), "10000");
  EXPECT_EQ(database_.Ask("SELECT entry_count FROM rooms"), "10000");
  change.entries = {{ContractUser(10000), RoomRights{}}};
  EXPECT_THAT(store_.Update(ACall(), Administrator(), id, change, decide),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  change.entries[ContractUser(0)] = std::nullopt;
  EXPECT_OK(store_.Update(ACall(), Administrator(), id, change, decide));
}

TEST_F(PgRoomStoreTest, CountsAndTextsAreWhatTheTablesHold) {
  const RoomId id = Insert({});
  for (const int named : {5, 40, 3}) {
    RoomChange change;
    for (int i = 0; i < 50; ++i) {
      if (i < named) {
        change.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
        change.sub_rooms[SubRoomId(absl::StrCat("s", i))] = SubRoom{"S", 1};
      } else {
        change.entries[ContractUser(i)] = std::nullopt;
        change.sub_rooms[SubRoomId(absl::StrCat("s", i))] = std::nullopt;
      }
    }
    EXPECT_OK(store_.Update(ACall(), Administrator(), id, change, [&](const LockedRoom& room) {
      return Merge(Administrator(), room, change, RoomLimits());
    }));
    EXPECT_EQ(database_.Ask("SELECT entry_count || ' ' || sub_room_count FROM rooms"),
              absl::StrCat(named, " ", named));
    EXPECT_EQ(Count("room_rights"), absl::StrCat(named));
    EXPECT_EQ(Count("sub_rooms"), absl::StrCat(named));
    EXPECT_EQ(Count("rooms", named > 32 ? "entries_text IS NULL AND sub_rooms_text IS NULL"
                                        : "entries_text = entries_of(company_id, room_id) AND "
                                          "sub_rooms_text = sub_rooms_of(company_id, room_id)"),
              "1");
  }
}

// S14: what is read of a list that will be refused are sizes and IDs. Metadata that compress well
// are weighed as they are.
TEST_F(PgRoomStoreTest, NothingOfAListThatWillBeRefusedLeavesTheDatabaseButSizes) {
  Room room;
  for (int i = 0; i < 15; ++i) room.metadata[absl::StrCat("key", i)] = std::string(4000, 'x');
  for (int i = 0; i < 1000; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  std::vector<std::string> ids;
  for (int i = 0; i < 45; ++i) ids.push_back(Insert(room).value());
  EXPECT_THAT(store_.List(ACall(), Administrator(), RoomPage()),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));

  const auto bytes_of = [](const db::Rows& rows) {
    size_t bytes = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      for (int column = 0; column < 10; ++column) bytes += rows[i].View(column).size();
    }
    return bytes;
  };
  const CompanyId acme("acme");
  const UserId caller(kCallerId);
  const auto page = db::Execute(
      ACall(), database_.pool(), sql::kListAllRooms,
      {acme, caller, true, true, 15, 100, 0, static_cast<uint64_t>(rpc::kLargestContent / 200)});
  ASSERT_OK(page);
  EXPECT_EQ(page->size(), 45u);
  EXPECT_LT(bytes_of(*page), 45u * 100);
  const auto heavy =
      db::Execute(ACall(), database_.pool(), sql::kListHeavyRooms,
                  {acme, caller, true, true, db::Param::Array(ids),
                   static_cast<uint64_t>(rpc::kLargestContent), db::Param::Array(ids), 15});
  ASSERT_OK(heavy);
  EXPECT_LT(bytes_of(*heavy), 45u * 100);
}

TEST_F(PgRoomStoreTest, SizesAreWhatTheGeneratedMessagesHaveAtLeast) {
  RandomRooms random(3);
  for (int i = 0; i < 100; ++i) {
    Room room = random.Next();
    room.parent = RoomId();
    room.entries.clear();
    const RoomId id = Insert(room);
    const int64_t weighed = std::stoll(database_.Ask(absl::StrCat(
        "SELECT metadata_size + sub_rooms_size FROM rooms WHERE room_id = '", id.value(), "'")));
    ::common::Room with;
    ToWire(ViewOf(id, room), &with);
    room.metadata.clear();
    room.sub_rooms.clear();
    ::common::Room without;
    ToWire(ViewOf(id, room), &without);
    const auto size = static_cast<int64_t>(with.ByteSizeLong() - without.ByteSizeLong());
    EXPECT_LE(weighed, size);
    EXPECT_GE(weighed, size - 10 * (with.metadata_size() + with.subrooms_size()));
  }
}

TEST(PgRoomStore, WhatItListedOutlivesItAndItsConnections) {
  Room room;
  room.display_name = "room";
  room.metadata = {{"key", std::string(100, 'x')}, {"\"escaped\"", "\\ \n \x01 Zo\u00eb"}};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  const RoomId id(NewUuid());
  ListedRooms listed;
  {
    ScratchDatabase database(Migrations());
    PgRoomStore store(database.pool());
    const Viewer viewer{CompanyId("acme"), ContractUser(2)};
    EXPECT_OK(store.Insert(ACall(), viewer, id, room, AnyParent));
    auto answer = store.List(ACall(), viewer, RoomPage());
    ASSERT_OK(answer);
    listed = *std::move(answer);
  }
  EXPECT_EQ(RoomsOf(listed), (std::map<RoomId, Room>{{id, room}}));
}

TEST(PgRoomStore, ADatabaseThatIsGoneIsSaidToBeOutOfReach) {
  auto database = std::make_unique<ScratchDatabase>(Migrations());
  const std::unique_ptr<db::Pool> pool = database->OpenPool();
  PgRoomStore store(*pool);
  const Viewer viewer{CompanyId("acme"), ContractUser(1)};
  EXPECT_OK(store.FindAccess(ACall(), viewer, RoomId(NewUuid()), UserId()));
  database.reset();
  EXPECT_THAT(store.FindAccess(ACall(), viewer, RoomId(NewUuid()), UserId()),
              IsUndecided(absl::StatusCode::kUnavailable));
}

}  // namespace pg_room_store_test
}  // namespace usher::room
