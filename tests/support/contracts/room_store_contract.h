// What every RoomStore must do when rooms are made and removed; room_update_contract.h has what it
// must do when they change, room_list_contract.h and room_page_contract.h what it must answer, and
// room_forget_contract.h how users are forgotten.
#pragma once

#include <limits>

#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomStoreContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomStoreContract);

TYPED_TEST_P(RoomStoreContract, AnInsertedRoomIsFoundAsItWas) {
  Room room;
  room.parent = this->Insert("parent");
  room.display_name = "Größe \"x\" \\ {a,b}";
  room.active_participants = 4294967295u;
  room.passive_participants = 4294967294u;
  room.allow_spectators = true;
  room.mode = RoomMode::kSpectator;
  room.type = RoomType::kDepartment;
  room.sort = std::numeric_limits<int64_t>::min();
  room.metadata = {{"k\"ey", "va\\lue\n"}, {"ü", "😀"}};
  room.default_rights = RoomRights{RoomRight::kJoin, RoomRight::kAction};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(3), RoomRights{}}};
  room.sub_rooms = {{SubRoomId("a {1}, \"b\""), {"First | one", 4294967295u}},
                    {SubRoomId("b"), {"Second", 0}}};
  const RoomId id = this->Insert(room);
  EXPECT_EQ(this->Find(id), room);
}

TYPED_TEST_P(RoomStoreContract, ARoomWithManyEntriesAndSubRoomsIsFoundAsItWas) {
  Room room;
  room.display_name = "large";
  for (int i = 0; i < 1000; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  for (int i = 0; i < 500; ++i) room.sub_rooms[SubRoomId(absl::StrCat("s", i))] = {"Sub", 1};
  const RoomId id = this->Insert(room);
  EXPECT_EQ(this->Find(id), room);
}

TYPED_TEST_P(RoomStoreContract, AnUnknownParentLeavesNothingBehind) {
  Room room;
  room.display_name = "child";
  room.parent = RoomId(NewUuid());
  const CallContext call = ACaller().WithIdempotencyKey("k").BuildCall();
  EXPECT_THAT(this->TryInsert(call, RoomId(NewUuid()), room),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(this->Names(this->Administrator()), ::testing::IsEmpty());
  room.parent = this->Insert("parent");
  const RoomId id(NewUuid());
  EXPECT_THAT(this->TryInsert(call, id, room), IsOkAndHolds(id));
}

TYPED_TEST_P(RoomStoreContract, AParentOfAnotherCompanyIsUnknown) {
  Room room;
  room.display_name = "theirs";
  room.parent = this->Insert(room, "other");
  EXPECT_THAT(this->TryInsert(ACall(), RoomId(NewUuid()), room),
              HasReplyCode(::common::ROOM_NOT_FOUND));
}

TYPED_TEST_P(RoomStoreContract, TheSameIdempotencyKeyMakesOneRoom) {
  Room room;
  room.display_name = "once";
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  const RoomId first(NewUuid());
  for (const RoomId& id : {first, RoomId(NewUuid())}) {
    EXPECT_THAT(this->TryInsert(call, id, room), IsOkAndHolds(first));
  }
  EXPECT_THAT(this->Names(this->Administrator()), ::testing::ElementsAre("once"));
  const CallContext other = ACaller().WithIdempotencyKey("key", "another request").BuildCall();
  EXPECT_THAT(this->TryInsert(other, RoomId(NewUuid()), room),
              HasReplyCode(::common::ACTION_INVALID));
}

TYPED_TEST_P(RoomStoreContract, ABoundIdempotencyKeyAnswersBeforeTheParentIsLookedAt) {
  Room room;
  room.display_name = "child";
  room.parent = this->Insert("parent");
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  const RoomId first(NewUuid());
  ASSERT_THAT(this->TryInsert(call, first, room), IsOkAndHolds(first));
  const auto allow = [](const RoomAccess&) { return absl::OkStatus(); };
  ASSERT_THAT(this->store().Remove(ACall(), this->Administrator(), room.parent, allow),
              IsOkAndHolds(true));
  EXPECT_THAT(this->TryInsert(call, RoomId(NewUuid()), room), IsOkAndHolds(first));
}

TYPED_TEST_P(RoomStoreContract, ARemovedRoomIsGoneAndItsChildrenMoveUp) {
  const RoomId top = this->Insert("top");
  Room room;
  room.display_name = "middle";
  room.parent = top;
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  const RoomId middle = this->Insert(room);
  const RoomId bottom = this->Insert("bottom", middle);
  std::optional<RoomRights> seen;
  const auto allow = [&](const RoomAccess& access) {
    seen = access.entry;
    return absl::OkStatus();
  };
  EXPECT_THAT(this->store().Remove(ACall(), this->Administrator(), middle, allow),
              IsOkAndHolds(true));
  EXPECT_EQ(seen, RoomRights{RoomRight::kJoin});
  EXPECT_FALSE(this->Find(middle).has_value());
  EXPECT_EQ(this->Find(bottom)->parent, top);
  EXPECT_THAT(this->store().Remove(ACall(), this->Administrator(), top, allow), IsOkAndHolds(true));
  EXPECT_EQ(this->Find(bottom)->parent, RoomId());
  EXPECT_THAT(this->store().Remove(ACall(), this->Administrator(), top, allow),
              IsOkAndHolds(false));
}

TYPED_TEST_P(RoomStoreContract, ARemovalThatIsRefusedChangesNothing) {
  const RoomId top = this->Insert("top");
  const RoomId child = this->Insert("child", top);
  EXPECT_THAT(this->store().Remove(ACall(), this->Administrator(), top,
                                   [](const RoomAccess&) { return RoomNotFound(); }),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_TRUE(this->Find(top).has_value());
  EXPECT_EQ(this->Find(child)->parent, top);
}

TYPED_TEST_P(RoomStoreContract, TheParentTellsWhetherTheViewerHasAnEntry) {
  Room room;
  room.display_name = "parent";
  room.entries = {{ContractUser(2), RoomRights{}}};
  const RoomId parent = this->Insert(room);
  const RoomId child = this->Insert("child");
  for (const int user : {2, 3}) {
    const Viewer guest = this->Guest(user);
    Parent seen;
    room.parent = parent;
    EXPECT_THAT(this->store().Insert(ACall(), guest, RoomId(NewUuid()), room,
                                     [&](const Parent& parent) {
                                       seen = parent;
                                       return RoomNotFound();
                                     }),
                HasReplyCode(::common::ROOM_NOT_FOUND));
    EXPECT_TRUE(seen.exists);
    EXPECT_EQ(seen.has_entry, user == 2);
    RoomChange change;
    change.parent = parent;
    EXPECT_THAT(this->store().Update(ACall(), guest, child, change,
                                     [&](const LockedRoom& room) -> absl::StatusOr<RoomWrite> {
                                       seen = room.parent;
                                       return RoomNotFound();
                                     }),
                HasReplyCode(::common::ROOM_NOT_FOUND));
    EXPECT_TRUE(seen.exists);
    EXPECT_EQ(seen.has_entry, user == 2);
    EXPECT_FALSE(seen.is_within);
  }
}

REGISTER_TYPED_TEST_SUITE_P(RoomStoreContract, AnInsertedRoomIsFoundAsItWas,
                            ARoomWithManyEntriesAndSubRoomsIsFoundAsItWas,
                            AnUnknownParentLeavesNothingBehind, AParentOfAnotherCompanyIsUnknown,
                            TheSameIdempotencyKeyMakesOneRoom,
                            ABoundIdempotencyKeyAnswersBeforeTheParentIsLookedAt,
                            ARemovedRoomIsGoneAndItsChildrenMoveUp,
                            ARemovalThatIsRefusedChangesNothing,
                            TheParentTellsWhetherTheViewerHasAnEntry);

}  // namespace usher::room
