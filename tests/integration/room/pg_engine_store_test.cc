#include "services/room/engine/pg_engine_store.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/transaction.h"
#include "services/room/engine/command_log.h"
#include "services/room/engine/engine_sql.h"
#include "services/room/migrations.h"
#include "services/room/pg_room_store.h"
#include "tests/support/contracts/engine_command_contract.h"
#include "tests/support/contracts/engine_store_contract.h"
#include "tests/support/fake_wakeup.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace pg_engine_store_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class OnPostgres : public ::testing::Test {
 protected:
  RoomStore& store() { return store_; }
  EngineStore& engines() { return engines_; }
  // What was written before has been there for that much longer.
  void Pass(absl::Duration duration) {
    database_.Run(absl::StrCat("UPDATE room_presence SET reported_at = reported_at - interval '",
                               absl::ToInt64Seconds(duration), " seconds'"));
  }
  void Tell(const Order& order) {
    EXPECT_OK(db::InTransaction(ACall(), database_.pool(), [&](db::Transaction& tx) {
      return log_.Forgotten(tx, kAcme, order.user);
    }));
  }

  ScratchDatabase database_{Migrations()};
  FakeWakeup wakeup_;
  CommandLog log_{absl::Seconds(90), wakeup_};
  PgRoomStore store_{database_.pool(), &log_};
  PgEngineStore engines_{database_.pool(), absl::Seconds(90)};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EngineStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EngineCommandContract, ::testing::Types<OnPostgres>);

class PgEngineStoreTest : public RoomStoreFixture<OnPostgres> {
 protected:
  RoomId ARoom(std::map<UserId, RoomRights> entries, std::optional<RoomRights> defaults) {
    Room room;
    room.display_name = "room";
    room.entries = std::move(entries);
    room.default_rights = defaults;
    return Insert(room);
  }
  void Report(const RoomId& room, const std::vector<Occupant>& occupants,
              const EngineId& engine = kEngine) {
    EXPECT_OK(engines_.Take(ACall(), kAcme, {engine, {{room, occupants}}, {}, false}));
  }
  std::vector<Order> Orders(const EngineId& engine = kEngine) {
    const auto commands = engines_.ListCommands(ACall(), kAcme, {engine}, 20000);
    EXPECT_OK(commands);
    std::vector<Order> orders;
    for (const Command& command : commands->at(0)) orders.push_back(command.order);
    return orders;
  }
  void Remove(const RoomId& id) {
    EXPECT_THAT(store_.Remove(ACall(), Administrator(), id,
                              [](const RoomAccess&) { return absl::OkStatus(); }),
                IsOkAndHolds(true));
  }
  static Order Changed(const RoomId& room) {
    return {CommandKind::kRoomChanged, room, UserId(), Reason::kNone};
  }
  static Order Rights(const RoomId& room, const UserId& user) {
    return {CommandKind::kPermissionsChanged, room, user, Reason::kNone};
  }
  static Order Out(const RoomId& room, int user) {
    return {CommandKind::kPutOut, room, ContractUser(user), Reason::kJoinTakenAway};
  }
};

constexpr RoomRights kJoin{RoomRight::kJoin};

TEST_F(PgEngineStoreTest, EveryStatementCanBePreparedAndHasANameOfItsOwn) {
  std::set<std::string> names;
  for (const db::Statement* statement : sql::kAllOfEngines) {
    EXPECT_TRUE(names.insert(statement->name).second) << statement->name;
    EXPECT_NO_THROW(
        database_.Run(absl::StrCat("PREPARE ", statement->name, " AS ", statement->sql)))
        << statement->name;
  }
}

TEST_F(PgEngineStoreTest, EnginesOfARemovedRoomAreToldToCloseIt) {
  const RoomId room = ARoom({}, kJoin);
  const RoomId other = ARoom({}, kJoin);
  Report(room, {AnOccupant(1)});
  Report(room, {}, kOtherEngine);
  Report(other, {}, EngineId("elsewhere"));
  Remove(room);
  const Order close{CommandKind::kCloseRoom, room, UserId(), Reason::kRoomDestroyed};
  EXPECT_THAT(Orders(), ElementsAre(close));
  EXPECT_THAT(Orders(kOtherEngine), ElementsAre(close));
  EXPECT_THAT(Orders(EngineId("elsewhere")), IsEmpty());
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM room_presence"), "1");
}

TEST_F(PgEngineStoreTest, WhoseEntryIsTakenIsPutOutAndNobodyElse) {
  const RoomId room = ARoom({{ContractUser(1), kJoin}, {ContractUser(2), kJoin}}, std::nullopt);
  Report(room, {AnOccupant(1), AnOccupant(2)});
  RoomChange change;
  change.entries[ContractUser(1)] = std::nullopt;
  EXPECT_OK(Update(room, change));
  EXPECT_THAT(Orders(),
              UnorderedElementsAre(Changed(room), Rights(room, ContractUser(1)), Out(room, 1)));
}

TEST_F(PgEngineStoreTest, WithTheDefaultsAllGoWhoHadNothingElse) {
  const RoomId room = ARoom({{ContractUser(1), kJoin}}, kJoin);
  Occupant root = AnOccupant(3);
  root.person.room_admin = true;
  Report(room, {AnOccupant(1), AnOccupant(2), root, AnOccupant(4, OccupantState::kLeftRoom)});
  RoomChange change;
  change.remove_default_rights = true;
  EXPECT_OK(Update(room, change));
  EXPECT_THAT(Orders(), UnorderedElementsAre(Changed(room), Rights(room, UserId()), Out(room, 2)));
}

TEST_F(PgEngineStoreTest, GuestsOfASharedAccessGoWithItsEntry) {
  const RoomId room = ARoom({{ContractUser(9), kJoin}}, kJoin);
  std::vector<Occupant> guests = {AnOccupant(1), AnOccupant(2)};
  for (Occupant& guest : guests) {
    guest.person.guest = true;
    guest.person.subject = ContractUser(9);
  }
  Report(room, guests);
  RoomChange change;
  change.entries[ContractUser(9)] = std::nullopt;
  EXPECT_OK(Update(room, change));
  EXPECT_THAT(Orders(), UnorderedElementsAre(Changed(room), Rights(room, ContractUser(9)),
                                             Out(room, 1), Out(room, 2)));
}

TEST_F(PgEngineStoreTest, WhatIsRefusedTellsNobody) {
  const RoomId room = ARoom({}, kJoin);
  Report(room, {AnOccupant(1)});
  RoomChange change;
  change.remove_default_rights = true;
  EXPECT_FALSE(store_
                   .Update(ACall(), Administrator(), room, change,
                           [](const LockedRoom&) -> absl::StatusOr<RoomWrite> {
                             return LastAdministrator();
                           })
                   .ok());
  EXPECT_THAT(Orders(), IsEmpty());
  EXPECT_THAT(wakeup_.written, IsEmpty());
}

TEST_F(PgEngineStoreTest, EnginesAreWokenOnceWhatTheyAreToldCanBeSeen) {
  const RoomId room = ARoom({}, kJoin);
  Report(room, {});
  Report(room, {}, kOtherEngine);
  EXPECT_OK(db::InTransaction(ACall(), database_.pool(), [&](db::Transaction& tx) {
    const absl::Status written = log_.Forgotten(tx, kAcme, ContractUser(1));
    EXPECT_THAT(wakeup_.written, IsEmpty());
    return written;
  }));
  EXPECT_THAT(wakeup_.written, UnorderedElementsAre(Topic{kAcme, kEngine.value()},
                                                    Topic{kAcme, kOtherEngine.value()}));
}

TEST_F(PgEngineStoreTest, ManyChangedEntriesAreOneMessage) {
  const RoomId room = ARoom({}, kJoin);
  Report(room, {});
  RoomChange change;
  for (int i = 0; i < 101; ++i) change.entries[ContractUser(i)] = kJoin;
  EXPECT_OK(Update(room, change));
  EXPECT_THAT(Orders(), UnorderedElementsAre(Changed(room), Rights(room, UserId())));
}

TEST_F(PgEngineStoreTest, AForgottenUserIsPutOutOfAllRooms) {
  const RoomId room = ARoom({{ContractUser(1), kJoin}}, std::nullopt);
  Report(room, {AnOccupant(1)});
  EXPECT_THAT(store_.ForgetSome(ACall(), kAcme, ContractUser(1), 100), IsOkAndHolds(true));
  EXPECT_THAT(store_.ForgetSome(ACall(), kAcme, ContractUser(1), 100), IsOkAndHolds(false));
  EXPECT_THAT(Orders(), ElementsAre(Order{CommandKind::kPutOut, RoomId(), ContractUser(1),
                                          Reason::kUserRemoved}));
}

TEST_F(PgEngineStoreTest, AThousandRoomsOfTwentyAreOneReport) {
  std::vector<RoomReport> rooms;
  for (int i = 0; i < 1000; ++i) {
    RoomReport report;
    report.room = RoomId(NewUuid());
    for (int j = 0; j < 20; ++j) report.occupants.push_back(AnOccupant(j));
    rooms.push_back(std::move(report));
  }
  database_.Run("INSERT INTO rooms (company_id, room_id, display_name, default_rights) VALUES " +
                [&rooms] {
                  std::string values;
                  for (const RoomReport& room : rooms) {
                    absl::StrAppend(&values, values.empty() ? "" : ", ", "('acme', '",
                                    room.room.value(), "', 'room', 32)");
                  }
                  return values;
                }());
  for (int i = 0; i < 2; ++i) {
    const auto outcome = engines_.Take(ACall(), kAcme, {kEngine, rooms, {}, true});
    ASSERT_OK(outcome);
    EXPECT_THAT(outcome->unknown, IsEmpty());
    EXPECT_THAT(outcome->expelled, IsEmpty());
  }
  EXPECT_EQ(database_.Ask("SELECT sum(active) FROM room_presence"), "20000");
}

TEST_F(PgEngineStoreTest, WhatNoReplyHoldsIsRefusedUnread) {
  const RoomId room = ARoom({}, kJoin);
  Report(room, {AnOccupant(1)});
  database_.Run("UPDATE room_presence SET occupants = repeat('x', 5000000)");
  EXPECT_THAT(engines_.ListOccupants(ACall(), kAcme, {room}),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(PgEngineStoreTest, CommandsThatNobodyAsksForAreForgottenAfterAnHour) {
  Report(ARoom({}, kJoin), {});
  Tell({CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved});
  EXPECT_THAT(engines_.ForgetOld(ACall(), 100), IsOkAndHolds(0));
  database_.Run("UPDATE engine_commands SET written_at = written_at - interval '61 minutes'");
  EXPECT_THAT(engines_.ForgetOld(ACall(), 100), IsOkAndHolds(1));
  EXPECT_THAT(Orders(), IsEmpty());
}

}  // namespace pg_engine_store_test
}  // namespace usher::room
