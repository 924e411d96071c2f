// What every RoomStore must do when rooms change.
#pragma once

#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomUpdateContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomUpdateContract);

TYPED_TEST_P(RoomUpdateContract, AnUpdateChangesWhatItNamesAndNothingElse) {
  Room room;
  room.display_name = "before";
  room.metadata = {{"keep", "1"}, {"drop", "2"}};
  room.default_rights = RoomRights{RoomRight::kJoin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}},
                  {ContractUser(3), RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}, {SubRoomId("b"), {"B", 2}}};
  const RoomId id = this->Insert(room);
  RoomChange change;
  change.active_participants = 7;
  change.passive_participants = 8;
  change.mode = RoomMode::kExam;
  change.type = RoomType::kDepartment;
  change.sort = -9;
  change.metadata = {{"drop", ""}, {"new", "3"}};
  change.entries = {{ContractUser(2), std::nullopt},
                    {ContractUser(4), RoomRights{RoomRight::kVoice}},
                    {ContractUser(5), std::nullopt}};
  change.sub_rooms = {{SubRoomId("a"), std::nullopt}, {SubRoomId("b"), SubRoom{"B2", 9}}};
  EXPECT_THAT(this->Update(id, change), IsOkAndHolds(true));

  room.active_participants = 7;
  room.passive_participants = 8;
  room.mode = RoomMode::kExam;
  room.type = RoomType::kDepartment;
  room.sort = -9;
  room.metadata = {{"keep", "1"}, {"new", "3"}};
  room.entries = {{ContractUser(3), RoomRights{RoomRight::kJoin}},
                  {ContractUser(4), RoomRights{RoomRight::kVoice}}};
  room.sub_rooms = {{SubRoomId("b"), {"B2", 9}}};
  EXPECT_EQ(this->Find(id), room);
}

TYPED_TEST_P(RoomUpdateContract, AnUpdateAnswersTheRoomAsItIsThen) {
  Room room;
  room.display_name = "before";
  room.metadata = {{"key", "1"}};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  const RoomId id = this->Insert(room);
  RoomChange change;
  change.display_name = room.display_name = "after";
  EXPECT_THAT(this->UpdateBy(this->Administrator(), id, change), IsOkAndHolds(room));
  change = RoomChange();
  change.entries = {{ContractUser(2), std::nullopt},
                    {ContractUser(3), RoomRights{RoomRight::kVoice}}};
  change.sub_rooms = {{SubRoomId("b"), SubRoom{"B", 2}}};
  room.entries = {{ContractUser(3), RoomRights{RoomRight::kVoice}}};
  room.sub_rooms[SubRoomId("b")] = {"B", 2};
  EXPECT_THAT(this->UpdateBy(this->Administrator(), id, change), IsOkAndHolds(room));
  EXPECT_EQ(this->Find(id), room);
}

// Else an update of one entry would read and send thousands.
TYPED_TEST_P(RoomUpdateContract, OfManyEntriesAnUpdateAnswersThoseThatItGivesAndTheViewers) {
  Room room;
  room.display_name = "room";
  for (int i = 0; i < 100; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  for (int i = 0; i < 100; ++i) room.sub_rooms[SubRoomId(absl::StrCat(i))] = {"A", 1};
  const RoomId id = this->Insert(room);
  RoomChange change;
  change.entries = {{ContractUser(8), RoomRights{RoomRight::kVoice}},
                    {ContractUser(9), std::nullopt}};
  change.sub_rooms = {{SubRoomId("8"), SubRoom{"B", 2}}, {SubRoomId("9"), std::nullopt}};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}},
                  {ContractUser(8), RoomRights{RoomRight::kVoice}}};
  room.sub_rooms = {{SubRoomId("8"), SubRoom{"B", 2}}};
  EXPECT_THAT(this->UpdateBy(this->UserWithout(2), id, change), IsOkAndHolds(room));
  EXPECT_EQ(this->Find(id)->entries.size(), 99u);
}

TYPED_TEST_P(RoomUpdateContract, EntriesAreFoundWhenARoomGrowsAndShrinks) {
  Room room;
  room.display_name = "room";
  const RoomId id = this->Insert(room);
  for (const bool there : {true, false}) {
    RoomChange change;
    for (int i = 0; i < 100; ++i) {
      change.entries[ContractUser(i)] =
          there ? std::optional<RoomRights>(RoomRights{RoomRight::kJoin}) : std::nullopt;
      if (there) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
    }
    if (!there) room.entries.clear();
    EXPECT_THAT(this->Update(id, change), IsOkAndHolds(true));
    EXPECT_EQ(this->Find(id), room);
  }
}

TYPED_TEST_P(RoomUpdateContract, AnUpdateThatIsRefusedChangesNothing) {
  const RoomId id = this->Insert("room");
  RoomChange change;
  change.display_name = "changed";
  change.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  EXPECT_THAT(this->store().Update(ACall(), this->Administrator(), id, change,
                                   [](const LockedRoom&) -> absl::StatusOr<RoomWrite> {
                                     return LastAdministrator();
                                   }),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(this->Find(id)->display_name, "room");
  EXPECT_THAT(this->Find(id)->entries, ::testing::IsEmpty());
}

TYPED_TEST_P(RoomUpdateContract, AnUpdateOfNoRoomSaysSo) {
  RoomChange change;
  change.display_name = "x";
  EXPECT_THAT(this->Update(RoomId(NewUuid()), change), IsOkAndHolds(false));
  Room room;
  room.display_name = "theirs";
  EXPECT_THAT(this->Update(this->Insert(room, "other"), change), IsOkAndHolds(false));
}

TYPED_TEST_P(RoomUpdateContract, TheLockedRoomTellsWhatTheRulesNeed) {
  Room room;
  room.display_name = "room";
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(2), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(3), RoomRights{}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}, {SubRoomId("b"), {"B", 2}}};
  const RoomId id = this->Insert(room);
  const auto locked = [&](const RoomChange& change) {
    LockedRoom seen;
    EXPECT_OK(this->store().Update(
        ACall(), this->Administrator(), id, change, [&](const LockedRoom& room) {
          seen = room;
          return Merge(this->Administrator(), room, RoomChange(), RoomLimits());
        }));
    return seen;
  };
  RoomChange change;
  change.entries = {{ContractUser(1), std::nullopt}, {ContractUser(9), RoomRights{}}};
  change.sub_rooms = {{SubRoomId("b"), SubRoom{"B", 1}}, {SubRoomId("c"), SubRoom{"C", 1}}};
  const LockedRoom first = locked(change);
  EXPECT_EQ(first.entry_count, 3u);
  EXPECT_EQ(first.sub_room_count, 2u);
  EXPECT_THAT(first.named_entries, ::testing::ElementsAre(ContractUser(1)));
  EXPECT_THAT(first.named_sub_rooms, ::testing::ElementsAre(SubRoomId("b")));
  EXPECT_EQ(first.access.entry, RoomRights{RoomRight::kAdmin});
  EXPECT_TRUE(first.other_administrator);
}

TYPED_TEST_P(RoomUpdateContract, TheLockedRoomTellsOfOtherAdministrators) {
  Room room;
  room.display_name = "room";
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(2), RoomRights{RoomRight::kJoin}}};
  const RoomId id = this->Insert(room);
  RoomChange change;
  change.entries = {{ContractUser(1), std::nullopt}};
  bool other = true;
  EXPECT_THAT(this->store().Update(ACall(), this->Administrator(), id, change,
                                   [&](const LockedRoom& room) -> absl::StatusOr<RoomWrite> {
                                     other = room.other_administrator;
                                     return LastAdministrator();
                                   }),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_FALSE(other);
}

TYPED_TEST_P(RoomUpdateContract, AParentThatWouldCloseACircleIsRefused) {
  const RoomId top = this->Insert("top");
  const RoomId middle = this->Insert("middle", top);
  const RoomId bottom = this->Insert("bottom", middle);
  RoomChange change;
  for (const RoomId& parent : {top, middle, bottom}) {
    change.parent = parent;
    EXPECT_THAT(this->Update(top, change), HasReplyCode(::common::ROOM_INVALID));
  }
  change.parent = top;
  EXPECT_THAT(this->Update(bottom, change), IsOkAndHolds(true));
  EXPECT_EQ(this->Find(bottom)->parent, top);
  change.parent = RoomId(NewUuid());
  EXPECT_THAT(this->Update(bottom, change), HasReplyCode(::common::ROOM_NOT_FOUND));
}

TYPED_TEST_P(RoomUpdateContract, TwoMovesAtOnceCloseNoCircle) {
  for (int round = 0; round < 10; ++round) {
    const RoomId a = this->Insert("a");
    const RoomId b = this->Insert("b");
    RoomChange below_a;
    below_a.parent = a;
    RoomChange below_b;
    below_b.parent = b;
    absl::StatusOr<bool> first, second;
    std::thread other([&] { first = this->Update(a, below_b); });
    second = this->Update(b, below_a);
    other.join();
    EXPECT_NE(first.ok(), second.ok());
  }
}

TYPED_TEST_P(RoomUpdateContract, UpdatesOfOneRoomAtOnceAllCount) {
  const RoomId id = this->Insert("room");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      RoomChange change;
      change.metadata = {{absl::StrCat("key", i), "x"}};
      change.entries = {{ContractUser(i), RoomRights{RoomRight::kJoin}}};
      EXPECT_THAT(this->Update(id, change), IsOkAndHolds(true));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(this->Find(id)->metadata.size(), 8u);
  EXPECT_EQ(this->Find(id)->entries.size(), 8u);
}

REGISTER_TYPED_TEST_SUITE_P(RoomUpdateContract, AnUpdateChangesWhatItNamesAndNothingElse,
                            AnUpdateAnswersTheRoomAsItIsThen,
                            OfManyEntriesAnUpdateAnswersThoseThatItGivesAndTheViewers,
                            EntriesAreFoundWhenARoomGrowsAndShrinks,
                            AnUpdateThatIsRefusedChangesNothing, AnUpdateOfNoRoomSaysSo,
                            TheLockedRoomTellsWhatTheRulesNeed,
                            TheLockedRoomTellsOfOtherAdministrators,
                            AParentThatWouldCloseACircleIsRefused, TwoMovesAtOnceCloseNoCircle,
                            UpdatesOfOneRoomAtOnceAllCount);

}  // namespace usher::room
