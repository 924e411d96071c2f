// What every RoomStore must answer about rooms. Instantiated with a fixture as in
// room_store_fixture.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/room_store_fixture.h"
#include "tests/support/random_rooms.h"

namespace usher::room {

template <class Fixture>
class RoomListContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomListContract);

TYPED_TEST_P(RoomListContract, ListsInTheOrderOfCreationPageByPage) {
  for (const char* name : {"c", "a", "b"}) this->Insert(name);
  const Viewer all = this->Administrator();
  EXPECT_THAT(this->Names(all), ::testing::ElementsAre("c", "a", "b"));
  EXPECT_THAT(this->Names(all, 2), ::testing::ElementsAre("c", "a"));
  EXPECT_THAT(this->Names(all, 2, 2), ::testing::ElementsAre("b"));
  EXPECT_THAT(this->Names(all, 1000, 4294967295u), ::testing::IsEmpty());
  EXPECT_THAT(this->Names(this->Administrator("other")), ::testing::IsEmpty());
}

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

TYPED_TEST_P(RoomListContract, PagesOfWhatMayBeJoinedAreFullAlsoForWhoSeesAll) {
  Viewer lister = this->UserWithout(2);
  lister.sees_all = true;
  for (int i = 0; i < 10; ++i) {
    Room room;
    room.display_name = absl::StrCat(i);
    if (i % 2 == 0) room.entries[ContractUser(2)] = RoomRights{RoomRight::kJoin};
    if (i % 5 == 0) room.entries[ContractUser(2)] = RoomRights{RoomRight::kVoice};
    if (i % 3 == 0) room.default_rights = RoomRights{RoomRight::kJoin};
    this->Insert(room);
  }
  RoomPage page;
  page.joinable_only = true;
  page.limit = 2;
  std::vector<std::string> names;
  for (; page.offset < 10; page.offset += page.limit) {
    const auto listed = this->store().List(ACall(), lister, page);
    ASSERT_OK(listed);
    for (const RoomView& room : *listed) names.emplace_back(room.display_name);
  }
  EXPECT_THAT(names, ::testing::ElementsAre("2", "3", "4", "6", "8", "9"));
  EXPECT_EQ(this->Names(lister).size(), 10u);
  page.offset = 0;
  page.limit = 100;
  EXPECT_EQ(this->store().List(ACall(), this->Administrator(), page)->size(), 10u);
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

// Pages do not overlap, leave nothing out and keep the order, whoever looks at whatever rooms.
TYPED_TEST_P(RoomListContract, PagesArePartsOfTheWholeListForRandomEntries) {
  for (uint32_t seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    RandomRooms random(seed);
    const std::string company = absl::StrCat("acme", seed);
    for (int i = 0; i < 40; ++i) {
      Room room = random.Next();
      room.parent = RoomId();
      for (int user = 1; user <= 3; ++user) {
        if (random.OneIn(2)) room.entries[ContractUser(user)] = random.Rights();
      }
      this->Insert(room, company);
    }
    for (int look = 0; look < 12; ++look) {
      Viewer viewer;
      viewer.company = CompanyId(company);
      viewer.subject = ContractUser(1 + static_cast<int>(random.Upto(3)));
      viewer.has_defaults = random.OneIn(2);
      viewer.administers_all = random.OneIn(4);
      viewer.sees_all = viewer.administers_all || random.OneIn(4);
      RoomPage page;
      page.ids_only = random.OneIn(3);
      const auto whole = this->store().List(ACall(), viewer, page);
      ASSERT_OK(whole);
      page.limit = 1 + random.Upto(14);
      std::vector<std::pair<RoomId, Room>> joined;
      for (bool more = true; more; page.offset += page.limit) {
        const auto part = this->store().List(ACall(), viewer, page);
        ASSERT_OK(part);
        ASSERT_LE(part->size(), page.limit);
        more = part->size() == page.limit;
        for (const RoomView& room : *part) joined.emplace_back(IdOf(room), RoomOf(room));
      }
      std::vector<std::pair<RoomId, Room>> expected;
      for (const RoomView& room : *whole) expected.emplace_back(IdOf(room), RoomOf(room));
      // The contents of a list of IDs may be left empty, or not.
      if (page.ids_only) {
        for (auto* list : {&joined, &expected}) {
          for (auto& [id, room] : *list) room = Room();
        }
      }
      ASSERT_EQ(joined, expected);
    }
  }
}

TYPED_TEST_P(RoomListContract, HeavyRoomsAreListedAsTheyAreBesideLightOnes) {
  std::map<RoomId, Room> rooms;
  RandomRooms random(7);
  for (int i = 0; i < 12; ++i) {
    Room room = random.Next();
    room.parent = RoomId();
    room.metadata["number"] = absl::StrCat(i);
    if (i % 3 == 0) {
      for (int n = 0; n < 15; ++n) {
        room.metadata[absl::StrCat("key", n)] = std::string(4000, static_cast<char>('a' + n));
      }
    }
    if (i % 4 == 0) {
      for (int user = 0; user < 2000; ++user) room.entries[ContractUser(user)] = random.Rights();
    }
    if (i % 5 == 0) {
      for (int n = 0; n < 100; ++n) {
        room.sub_rooms[SubRoomId(absl::StrCat(n))] = SubRoom{std::string(900, 's'), 1};
      }
    }
    rooms[this->Insert(room)] = room;
  }
  for (const uint32_t limit : {12u, 100u, 1000u}) {
    RoomPage page;
    page.limit = limit;
    const auto listed = this->store().List(ACall(), this->Administrator(), page);
    ASSERT_OK(listed);
    EXPECT_TRUE(RoomsOf(*listed) == rooms) << limit;
  }
}

// Such a list was read and built before it was refused.
TYPED_TEST_P(RoomListContract, RoomsThatTakeTooManyBytesAreRefused) {
  Room room;
  room.display_name = "room";
  room.default_rights = RoomRights{RoomRight::kJoin};
  for (int i = 0; i < 100; ++i) room.entries[ContractUser(10 + i)] = RoomRights{RoomRight::kJoin};
  std::vector<RoomId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(this->Insert(room));
  RoomPage page;
  page.most_bytes = 20000;
  const auto refused = HasReplyCode(::common::MAX_SIZE_EXCEEDED);
  EXPECT_THAT(this->store().List(ACall(), this->Administrator(), page), refused);
  // Who may not administer them sees no entries of others.
  EXPECT_EQ(this->store().List(ACall(), this->UserWithout(2), page)->size(), 5u);
  page.limit = 2;
  EXPECT_EQ(this->store().List(ACall(), this->Administrator(), page)->size(), 2u);
  page.limit = 100;
  page.only = ids;
  EXPECT_THAT(this->store().List(ACall(), this->Administrator(), page), refused);
  page.ids_only = true;
  EXPECT_EQ(this->store().List(ACall(), this->Administrator(), page)->size(), 5u);
}

TYPED_TEST_P(RoomListContract, SubRoomsAndMetadataCountAmongTheBytes) {
  Room of_metadata;
  of_metadata.display_name = "metadata";
  of_metadata.metadata = {{"key", std::string(3000, 'x')}};
  Room of_sub_rooms;
  of_sub_rooms.display_name = "sub-rooms";
  for (int i = 0; i < 40; ++i) {
    of_sub_rooms.sub_rooms[SubRoomId(absl::StrCat(i))] = SubRoom{std::string(80, 's'), 1};
  }
  for (const Room& room : {of_metadata, of_sub_rooms}) {
    const Viewer viewer = this->Administrator(room.display_name);
    for (int i = 0; i < 4; ++i) this->Insert(room, room.display_name);
    RoomPage page;
    page.most_bytes = 10000;
    EXPECT_THAT(this->store().List(ACall(), viewer, page),
                HasReplyCode(::common::MAX_SIZE_EXCEEDED));
    page.limit = 2;
    EXPECT_EQ(this->store().List(ACall(), viewer, page)->size(), 2u);
  }
}

REGISTER_TYPED_TEST_SUITE_P(RoomListContract, ListsInTheOrderOfCreationPageByPage,
                            ListsWhatAnEntryOrTheDefaultRightsOpen,
                            WhoMayNotAdministerSeesTheOwnEntryOnly,
                            DefaultAdminIsNoAdminForGuestsAndForThoseWithAnEntry, ListsIdsAlone,
                            WhatWasListedStaysAsItWas, PagesArePartsOfTheWholeListForRandomEntries,
                            HeavyRoomsAreListedAsTheyAreBesideLightOnes,
                            RoomsThatTakeTooManyBytesAreRefused,
                            SubRoomsAndMetadataCountAmongTheBytes, AccessTellsWhereRightsComeFrom,
                            ListsTellWhatTheViewerMayDo, LeavesOutWhatIsNotWanted,
                            PagesOfWhatMayBeJoinedAreFullAlsoForWhoSeesAll);

}  // namespace usher::room
