// What every RoomStore must do about changes; room_list_contract.h has what it must answer, and
// room_forget_contract.h how users are forgotten.
// Instantiated with a fixture that has `RoomStore& store()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/room/room_errors.h"
#include "services/room/room_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/room_views.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

// A user ID that differs in its last digits.
inline UserId ContractUser(int number) {
  return UserId(absl::StrCat("01900000-0000-7000-9000-", absl::Dec(number, absl::kZeroPad12)));
}

// For rooms whose parents are beside the point.
inline absl::Status AnyParent(const Parent&) { return absl::OkStatus(); }

template <class Fixture>
class RoomStoreContract : public Fixture {
 protected:
  static Viewer Administrator(const std::string& company = "acme") {
    Viewer viewer;
    viewer.company = CompanyId(company);
    viewer.subject = ContractUser(1);
    viewer.sees_all = viewer.administers_all = viewer.has_defaults = true;
    return viewer;
  }
  static Viewer UserWithout(int number) {
    Viewer viewer;
    viewer.company = CompanyId("acme");
    viewer.subject = ContractUser(number);
    viewer.has_defaults = true;
    return viewer;
  }
  static Viewer Guest(int number) {
    Viewer viewer = UserWithout(number);
    viewer.has_defaults = false;
    return viewer;
  }

  RoomId Insert(const std::string& name, const RoomId& parent = RoomId()) {
    Room room;
    room.display_name = name;
    room.parent = parent;
    return Insert(room);
  }
  RoomId Insert(const Room& room, const std::string& company = "acme") {
    const RoomId id(NewUuid());
    EXPECT_THAT(this->TryInsert(ACall(company), id, room, company), IsOkAndHolds(id));
    return id;
  }
  absl::StatusOr<RoomId> TryInsert(const CallContext& call, const RoomId& id, const Room& room,
                                   const std::string& company = "acme") {
    const Viewer viewer = Administrator(company);
    return this->store().Insert(call, viewer, id, room,
                                [&](const Parent& parent) { return CheckParent(viewer, parent); });
  }
  absl::StatusOr<bool> Update(const RoomId& id, const RoomChange& change) {
    return this->store().Update(ACall(), Administrator(), id, change, [&](const LockedRoom& room) {
      return Merge(Administrator(), room, change, RoomLimits());
    });
  }
  std::optional<Room> Find(const RoomId& id, const Viewer& viewer) {
    RoomPage page;
    page.only = std::vector<RoomId>{id};
    const auto listed = this->store().List(ACall(), viewer, page);
    EXPECT_OK(listed);
    if (!listed.ok() || listed->empty()) return std::nullopt;
    return RoomOf(*listed->begin());
  }
  std::optional<Room> Find(const RoomId& id) { return Find(id, Administrator()); }
  std::vector<std::string> Names(const Viewer& viewer, uint32_t limit = 100, uint32_t offset = 0) {
    RoomPage page;
    page.limit = limit;
    page.offset = offset;
    const auto listed = this->store().List(ACall(), viewer, page);
    EXPECT_OK(listed);
    std::vector<std::string> names;
    if (!listed.ok()) return names;
    for (const RoomView& room : *listed) names.emplace_back(room.display_name);
    return names;
  }
};

TYPED_TEST_SUITE_P(RoomStoreContract);

TYPED_TEST_P(RoomStoreContract, AnInsertedRoomIsFoundAsItWas) {
  Room room;
  room.parent = this->Insert("parent");
  room.display_name = "Größe \"x\" \\ {a,b}";
  room.active_participants = 4294967295u;
  room.allow_spectators = true;
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

TYPED_TEST_P(RoomStoreContract, AnUpdateChangesWhatItNamesAndNothingElse) {
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
  change.metadata = {{"drop", ""}, {"new", "3"}};
  change.entries = {{ContractUser(2), std::nullopt},
                    {ContractUser(4), RoomRights{RoomRight::kVoice}},
                    {ContractUser(5), std::nullopt}};
  change.sub_rooms = {{SubRoomId("a"), std::nullopt}, {SubRoomId("b"), SubRoom{"B2", 9}}};
  EXPECT_THAT(this->Update(id, change), IsOkAndHolds(true));

  room.active_participants = 7;
  room.metadata = {{"keep", "1"}, {"new", "3"}};
  room.entries = {{ContractUser(3), RoomRights{RoomRight::kJoin}},
                  {ContractUser(4), RoomRights{RoomRight::kVoice}}};
  room.sub_rooms = {{SubRoomId("b"), {"B2", 9}}};
  EXPECT_EQ(this->Find(id), room);
}

TYPED_TEST_P(RoomStoreContract, EntriesAreFoundWhenARoomGrowsAndShrinks) {
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

TYPED_TEST_P(RoomStoreContract, AnUpdateThatIsRefusedChangesNothing) {
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

TYPED_TEST_P(RoomStoreContract, AnUpdateOfNoRoomSaysSo) {
  RoomChange change;
  change.display_name = "x";
  EXPECT_THAT(this->Update(RoomId(NewUuid()), change), IsOkAndHolds(false));
  Room room;
  room.display_name = "theirs";
  EXPECT_THAT(this->Update(this->Insert(room, "other"), change), IsOkAndHolds(false));
}

TYPED_TEST_P(RoomStoreContract, TheLockedRoomTellsWhatTheRulesNeed) {
  Room room;
  room.display_name = "room";
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(2), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(3), RoomRights{}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}, {SubRoomId("b"), {"B", 2}}};
  const RoomId id = this->Insert(room);
  const auto locked = [&](const RoomChange& change) {
    LockedRoom seen;
    EXPECT_THAT(this->store().Update(ACall(), this->Administrator(), id, change,
                                     [&](const LockedRoom& room) {
                                       seen = room;
                                       return Merge(this->Administrator(), room, RoomChange(),
                                                    RoomLimits());
                                     }),
                IsOkAndHolds(true));
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

TYPED_TEST_P(RoomStoreContract, TheLockedRoomTellsOfOtherAdministrators) {
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

TYPED_TEST_P(RoomStoreContract, AParentThatWouldCloseACircleIsRefused) {
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

TYPED_TEST_P(RoomStoreContract, TwoMovesAtOnceCloseNoCircle) {
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

TYPED_TEST_P(RoomStoreContract, UpdatesOfOneRoomAtOnceAllCount) {
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

REGISTER_TYPED_TEST_SUITE_P(
    RoomStoreContract, AnInsertedRoomIsFoundAsItWas, ARoomWithManyEntriesAndSubRoomsIsFoundAsItWas,
    AnUnknownParentLeavesNothingBehind, AParentOfAnotherCompanyIsUnknown,
    TheSameIdempotencyKeyMakesOneRoom, ABoundIdempotencyKeyAnswersBeforeTheParentIsLookedAt,
    AnUpdateChangesWhatItNamesAndNothingElse, EntriesAreFoundWhenARoomGrowsAndShrinks,
    AnUpdateThatIsRefusedChangesNothing, AnUpdateOfNoRoomSaysSo, TheLockedRoomTellsWhatTheRulesNeed,
    TheLockedRoomTellsOfOtherAdministrators, AParentThatWouldCloseACircleIsRefused,
    TwoMovesAtOnceCloseNoCircle, UpdatesOfOneRoomAtOnceAllCount,
    ARemovedRoomIsGoneAndItsChildrenMoveUp, ARemovalThatIsRefusedChangesNothing,
    TheParentTellsWhetherTheViewerHasAnEntry);

}  // namespace usher::room
