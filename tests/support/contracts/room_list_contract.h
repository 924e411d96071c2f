// What every RoomStore must answer about rooms: which there are for whom, and what of them. Pages:
// room_page_contract.h. Instantiated with a fixture as in room_store_fixture.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomListContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomListContract);

TYPED_TEST_P(RoomListContract, ListsWhatAnEntryOrTheDefaultRightsOpen) {
  const RoomRights join{RoomRight::kJoin};
  const RoomRights voice{RoomRight::kVoice};
  const auto insert = [&](const char* name, std::optional<RoomRights> own,
                          std::optional<RoomRights> by_default) {
    Room room;
    room.display_name = name;
    room.default_rights = by_default;
    if (own) room.entries[ContractUser(2)] = *own;
    room.entries[ContractUser(3)] = RoomRights{RoomRight::kAdmin};
    return this->Insert(room);
  };
  std::vector<RoomId> ids;
  ids.push_back(insert("closed", std::nullopt, std::nullopt));
  ids.push_back(insert("default join", std::nullopt, join));
  ids.push_back(insert("entry join", join, std::nullopt));
  ids.push_back(insert("entry admin", RoomRights{RoomRight::kAdmin}, std::nullopt));
  ids.push_back(insert("entry without join", voice, join));
  ids.push_back(insert("default voice", std::nullopt, voice));
  ids.push_back(insert("default admin", std::nullopt, RoomRights{RoomRight::kAdmin}));
  const std::vector<std::string> users = {"default join", "entry join", "entry admin",
                                          "default admin"};
  EXPECT_THAT(this->Names(this->UserWithout(2)), ::testing::ElementsAreArray(users));
  EXPECT_THAT(this->Names(this->UserWithout(2), 2, 1),
              ::testing::ElementsAre("entry join", "entry admin"));
  EXPECT_THAT(this->Names(this->Guest(2)), ::testing::ElementsAre("entry join", "entry admin"));
  EXPECT_THAT(this->Names(this->Guest(9)), ::testing::IsEmpty());

  RoomPage named;
  named.only = ids;
  named.only->push_back(RoomId(NewUuid()));
  named.only->push_back(ids[1]);
  named.limit = 3;
  const auto listed = this->store().List(ACall(), this->UserWithout(2), named);
  ASSERT_OK(listed);
  std::vector<absl::string_view> names;
  for (const RoomView& room : *listed) names.push_back(room.display_name);
  EXPECT_THAT(names, ::testing::ElementsAre(users[0], users[1], users[2]));
  EXPECT_FALSE(this->Find(ids[1], this->Guest(2)).has_value());
  EXPECT_FALSE(this->Find(ids[0], this->UserWithout(2)).has_value());
}

TYPED_TEST_P(RoomListContract, WhoMayNotAdministerSeesTheOwnEntryOnly) {
  Room room;
  room.display_name = "room";
  room.default_rights = RoomRights{RoomRight::kJoin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}},
                  {ContractUser(3), RoomRights{RoomRight::kAdmin}}};
  const RoomId id = this->Insert(room);
  const std::map<UserId, RoomRights> own = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  EXPECT_EQ(this->Find(id, this->UserWithout(2))->entries, own);
  EXPECT_EQ(this->Find(id, this->Guest(2))->entries, own);
  EXPECT_EQ(this->Find(id, this->UserWithout(3))->entries, room.entries);
  EXPECT_THAT(this->Find(id, this->UserWithout(4))->entries, ::testing::IsEmpty());
  EXPECT_EQ(this->Find(id)->entries, room.entries);
  Viewer lister = this->UserWithout(2);
  lister.sees_all = true;
  EXPECT_EQ(this->Find(id, lister)->entries, own);
  const auto listed = this->store().List(ACall(), lister, RoomPage());
  ASSERT_OK(listed);
  EXPECT_EQ(RoomOf(*listed->begin()).entries, own);
  for (const int user : {2, 3}) {
    const auto open = this->store().List(ACall(), this->UserWithout(user), RoomPage());
    ASSERT_OK(open);
    EXPECT_EQ(RoomOf(*open->begin()).entries, user == 2 ? own : room.entries);
  }
}

TYPED_TEST_P(RoomListContract, DefaultAdminIsNoAdminForGuestsAndForThoseWithAnEntry) {
  Room room;
  room.display_name = "room";
  room.default_rights = RoomRights{RoomRight::kAdmin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}},
                  {ContractUser(3), RoomRights{RoomRight::kJoin}}};
  const RoomId id = this->Insert(room);
  EXPECT_EQ(this->Find(id, this->UserWithout(4))->entries.size(), 2u);
  EXPECT_EQ(this->Find(id, this->UserWithout(2))->entries.size(), 1u);
  EXPECT_EQ(this->Find(id, this->Guest(2))->entries.size(), 1u);
}

TYPED_TEST_P(RoomListContract, ListsIdsAlone) {
  const RoomId id = this->Insert("room");
  RoomPage page;
  page.ids_only = true;
  const auto listed = this->store().List(ACall(), this->Administrator(), page);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(IdOf(*listed->begin()), id);
}

TYPED_TEST_P(RoomListContract, ListsTellWhatTheViewerMayDo) {
  Room room;
  room.display_name = "room";
  room.default_rights = RoomRights{RoomRight::kJoin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin, RoomRight::kVoice}},
                  {ContractUser(3), RoomRights{RoomRight::kAdmin}}};
  const RoomId id = this->Insert(room);
  const auto mine = [&](const Viewer& viewer) {
    RoomPage named;
    named.only = std::vector<RoomId>{id};
    std::vector<RoomRights> told;
    for (const RoomPage& page : {RoomPage(), named}) {
      const auto listed = this->store().List(ACall(), viewer, page);
      EXPECT_OK(listed);
      if (listed.ok() && listed->size() == 1) told.push_back(listed->begin()->mine.value());
    }
    EXPECT_TRUE(told.size() == 2 && told[0] == told[1]) << told.size();
    return told.empty() ? RoomRights() : told[0];
  };
  EXPECT_EQ(mine(this->Administrator()), kAllRoomRights);
  EXPECT_EQ(mine(this->UserWithout(2)), (RoomRights{RoomRight::kJoin, RoomRight::kVoice}));
  EXPECT_EQ(mine(this->UserWithout(3)), kAllRoomRights);
  EXPECT_EQ(mine(this->UserWithout(4)), RoomRights{RoomRight::kJoin});
  Viewer lister = this->UserWithout(2);
  lister.sees_all = true;
  EXPECT_EQ(mine(lister), (RoomRights{RoomRight::kJoin, RoomRight::kVoice}));
}

TYPED_TEST_P(RoomListContract, LeavesOutWhatIsNotWanted) {
  Room room;
  room.display_name = "room";
  room.metadata = {{"key", "value"}};
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kJoin}},
                  {ContractUser(3), RoomRights{RoomRight::kAdmin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  Room heavy = room;
  for (int i = 0; i < 40; ++i) {
    heavy.metadata[absl::StrCat("key", i)] = std::string(90, 'm');
    heavy.entries[ContractUser(100 + i)] = RoomRights{RoomRight::kJoin};
    heavy.sub_rooms[SubRoomId(absl::StrCat("s", i))] = {std::string(90, 's'), 1};
  }
  const std::vector<RoomId> ids = {this->Insert(room), this->Insert(heavy)};
  for (int skipped = 0; skipped < 8; ++skipped) {
    RoomPage page;
    page.with_metadata = (skipped & 1) == 0;
    page.with_others = (skipped & 2) == 0;
    page.with_sub_rooms = (skipped & 4) == 0;
    std::map<RoomId, Room> expected = {{ids[0], room}, {ids[1], heavy}};
    for (auto& [id, one] : expected) {
      if (!page.with_metadata) one.metadata.clear();
      if (!page.with_others) one.entries = {{ContractUser(1), RoomRights{RoomRight::kJoin}}};
      if (!page.with_sub_rooms) one.sub_rooms.clear();
    }
    RoomPage named = page;
    named.only = ids;
    for (const RoomPage& asked : {page, named}) {
      const auto listed = this->store().List(ACall(), this->Administrator(), asked);
      ASSERT_OK(listed);
      EXPECT_TRUE(RoomsOf(*listed) == expected) << skipped;
    }
  }
  // What is left out counts for nothing among the bytes.
  RoomPage small;
  small.most_bytes = 2000;
  EXPECT_THAT(this->store().List(ACall(), this->Administrator(), small),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  small.with_metadata = small.with_others = small.with_sub_rooms = false;
  EXPECT_EQ(this->store().List(ACall(), this->Administrator(), small)->size(), 2u);
}

TYPED_TEST_P(RoomListContract, WhatWasListedStaysAsItWas) {
  Room room;
  room.display_name = "room";
  room.metadata = {{"plain", "text"}, {"\"", "\\ \n"}, {"long", std::string(1000, '"')}};
  room.default_rights = RoomRights{RoomRight::kJoin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kVoice, RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  std::map<RoomId, Room> rooms;
  for (int i = 0; i < 20; ++i) rooms[this->Insert(room)] = room;
  ListedRooms listed;
  {
    const Viewer viewer = this->UserWithout(2);
    auto answer = this->store().List(ACall(), viewer, RoomPage());
    ASSERT_OK(answer);
    listed = *std::move(answer);
  }
  RoomChange change;
  change.display_name = "changed";
  change.metadata = {{"plain", "changed"}};
  for (const auto& [id, old] : rooms) EXPECT_THAT(this->Update(id, change), IsOkAndHolds(true));
  EXPECT_EQ(RoomsOf(listed), rooms);
}

TYPED_TEST_P(RoomListContract, AccessTellsWhereRightsComeFrom) {
  Room room;
  room.display_name = "room";
  room.active_participants = 5;
  room.default_rights = RoomRights{RoomRight::kAction};
  room.entries = {{ContractUser(1), RoomRights{RoomRight::kJoin}}, {ContractUser(2), RoomRights{}}};
  const RoomId id = this->Insert(room);
  const auto access = this->store().FindAccess(ACall(), this->Administrator(), id, ContractUser(2));
  ASSERT_OK(access);
  ASSERT_TRUE(access->has_value());
  EXPECT_EQ((*access)->entry, RoomRights{RoomRight::kJoin});
  EXPECT_EQ((*access)->other_entry, RoomRights{});
  EXPECT_EQ((*access)->default_rights, RoomRights{RoomRight::kAction});
  EXPECT_EQ((*access)->active_participants, 5u);

  const auto none = this->store().FindAccess(ACall(), this->UserWithout(7), id, UserId());
  ASSERT_OK(none);
  EXPECT_EQ((*none)->entry, std::nullopt);
  EXPECT_EQ((*none)->other_entry, std::nullopt);
  EXPECT_THAT(this->store().FindAccess(ACall(), this->Administrator("other"), id, UserId()),
              IsOkAndHolds(std::optional<RoomAccess>()));
}

REGISTER_TYPED_TEST_SUITE_P(RoomListContract, ListsWhatAnEntryOrTheDefaultRightsOpen,
                            WhoMayNotAdministerSeesTheOwnEntryOnly,
                            DefaultAdminIsNoAdminForGuestsAndForThoseWithAnEntry, ListsIdsAlone,
                            ListsTellWhatTheViewerMayDo, LeavesOutWhatIsNotWanted,
                            WhatWasListedStaysAsItWas, AccessTellsWhereRightsComeFrom);

}  // namespace usher::room
