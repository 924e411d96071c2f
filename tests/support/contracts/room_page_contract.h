// What every RoomStore must answer about pages of rooms: their order, and what fits on one.
// Instantiated with a fixture as in room_store_fixture.h.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/room_store_fixture.h"
#include "tests/support/random_rooms.h"

namespace usher::room {

template <class Fixture>
class RoomPageContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomPageContract);

TYPED_TEST_P(RoomPageContract, ListsInTheOrderOfCreationPageByPage) {
  for (const char* name : {"c", "a", "b"}) this->Insert(name);
  const Viewer all = this->Administrator();
  EXPECT_THAT(this->Names(all), ::testing::ElementsAre("c", "a", "b"));
  EXPECT_THAT(this->Names(all, 2), ::testing::ElementsAre("c", "a"));
  EXPECT_THAT(this->Names(all, 2, 2), ::testing::ElementsAre("b"));
  EXPECT_THAT(this->Names(all, 1000, 4294967295u), ::testing::IsEmpty());
  EXPECT_THAT(this->Names(this->Administrator("other")), ::testing::IsEmpty());
}

TYPED_TEST_P(RoomPageContract, PagesOfWhatMayBeJoinedAreFullAlsoForWhoSeesAll) {
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

// Pages do not overlap, leave nothing out and keep the order, whoever looks at whatever rooms.
TYPED_TEST_P(RoomPageContract, PagesArePartsOfTheWholeListForRandomEntries) {
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

TYPED_TEST_P(RoomPageContract, HeavyRoomsAreListedAsTheyAreBesideLightOnes) {
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
TYPED_TEST_P(RoomPageContract, RoomsThatTakeTooManyBytesAreRefused) {
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

TYPED_TEST_P(RoomPageContract, SubRoomsAndMetadataCountAmongTheBytes) {
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

REGISTER_TYPED_TEST_SUITE_P(RoomPageContract, ListsInTheOrderOfCreationPageByPage,
                            PagesOfWhatMayBeJoinedAreFullAlsoForWhoSeesAll,
                            PagesArePartsOfTheWholeListForRandomEntries,
                            HeavyRoomsAreListedAsTheyAreBesideLightOnes,
                            RoomsThatTakeTooManyBytesAreRefused,
                            SubRoomsAndMetadataCountAmongTheBytes);

}  // namespace usher::room
