// What every RoomStore must do when rooms are sorted.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomSortContract : public RoomStoreFixture<Fixture> {
 protected:
  // Rooms named "a", "b", ... with that parent.
  std::map<std::string, RoomId> Rooms(const std::string& names, const RoomId& parent = RoomId()) {
    std::map<std::string, RoomId> rooms;
    for (const char name : names) {
      rooms[std::string(1, name)] = this->Insert(std::string(1, name), parent);
    }
    return rooms;
  }
  absl::Status Sort(const std::vector<RoomMove>& moves) {
    return SortBy(this->Administrator(), moves);
  }
  absl::Status SortBy(const Viewer& viewer, const std::vector<RoomMove>& moves) {
    return this->store().Sort(
        ACall(), viewer, moves, [&](const RoomMove& move, const LockedRoom& room) {
          return move.parent.empty() ? absl::OkStatus() : CheckParent(viewer, room.parent);
        });
  }
  // The names of the rooms with that parent in their order, as a client works it out.
  std::string Order(const RoomId& parent = RoomId()) {
    RoomPage page;
    page.limit = 1000;
    const auto listed = this->store().List(ACall(), this->Administrator(), page);
    EXPECT_OK(listed);
    std::vector<std::pair<int64_t, std::string>> rooms;
    for (const RoomView& room : *listed) {
      if (room.parent == parent.value()) rooms.emplace_back(room.sort, room.display_name);
    }
    std::stable_sort(rooms.begin(), rooms.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string order;
    for (const auto& room : rooms) order += room.second;
    return order;
  }
};

TYPED_TEST_SUITE_P(RoomSortContract);

TYPED_TEST_P(RoomSortContract, ARoomIsMovedBehindAnyOtherAndToTheFirstPlace) {
  auto rooms = this->Rooms("abcde");
  EXPECT_EQ(this->Order(), "abcde");
  EXPECT_OK(this->Sort({{rooms["a"], RoomId(), rooms["c"]}}));
  EXPECT_EQ(this->Order(), "bcade");
  EXPECT_OK(this->Sort({{rooms["e"], RoomId(), rooms["b"]}}));
  EXPECT_EQ(this->Order(), "becad");
  EXPECT_OK(this->Sort({{rooms["a"], RoomId(), RoomId()}}));
  EXPECT_EQ(this->Order(), "abecd");
  EXPECT_OK(this->Sort({{rooms["b"], RoomId(), rooms["d"]}}));
  EXPECT_EQ(this->Order(), "aecdb");
  EXPECT_OK(this->Sort({{rooms["c"], RoomId(), rooms["e"]}}));  // where it is
  EXPECT_EQ(this->Order(), "aecdb");
}

TYPED_TEST_P(RoomSortContract, MovesAreMadeOneAfterTheOther) {
  auto rooms = this->Rooms("abcd");
  EXPECT_OK(this->Sort({{rooms["d"], RoomId(), RoomId()},
                        {rooms["c"], RoomId(), rooms["d"]},
                        {rooms["b"], RoomId(), rooms["c"]}}));
  EXPECT_EQ(this->Order(), "dcba");
}

TYPED_TEST_P(RoomSortContract, MovesAreMadeAllOrNone) {
  auto rooms = this->Rooms("abc");
  EXPECT_THAT(
      this->Sort({{rooms["c"], RoomId(), RoomId()}, {rooms["b"], RoomId(), RoomId(NewUuid())}}),
      HasReplyCode(::common::ROOM_PREDECESSOR_NOT_FOUND));
  EXPECT_EQ(this->Order(), "abc");
}

TYPED_TEST_P(RoomSortContract, ARoomIsMovedBelowAnotherParentAndBack) {
  auto rooms = this->Rooms("pq");
  auto children = this->Rooms("xyz", rooms["p"]);
  EXPECT_OK(this->Sort({{rooms["q"], rooms["p"], children["x"]}}));
  EXPECT_EQ(this->Order(rooms["p"]), "xqyz");
  EXPECT_EQ(this->Order(), "p");
  EXPECT_OK(this->Sort({{children["z"], RoomId(), rooms["p"]}}));
  EXPECT_EQ(this->Order(), "pz");
  EXPECT_EQ(this->Order(rooms["p"]), "xqy");
}

TYPED_TEST_P(RoomSortContract, AParentThatClosesACircleOrIsNotThereIsRefused) {
  auto rooms = this->Rooms("ab");
  const RoomId below = this->Insert("c", rooms["a"]);
  EXPECT_THAT(this->Sort({{rooms["a"], below, RoomId()}}), HasReplyCode(::common::ROOM_INVALID));
  EXPECT_THAT(this->Sort({{rooms["a"], rooms["a"], RoomId()}}),
              HasReplyCode(::common::ROOM_INVALID));
  EXPECT_THAT(this->Sort({{rooms["a"], RoomId(NewUuid()), RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(this->Sort({{RoomId(NewUuid()), RoomId(), RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(this->Order(), "ab");
}

TYPED_TEST_P(RoomSortContract, APredecessorIsAnotherRoomWithThatParent) {
  auto rooms = this->Rooms("ab");
  const RoomId below = this->Insert("c", rooms["a"]);
  Room room;
  room.display_name = "theirs";
  const RoomId theirs = this->Insert(room, "other");
  const auto refused = HasReplyCode(::common::ROOM_PREDECESSOR_NOT_FOUND);
  for (const RoomId& after : {below, theirs, rooms["b"], RoomId(NewUuid())}) {
    EXPECT_THAT(this->Sort({{rooms["b"], RoomId(), after}}), refused);
  }
  EXPECT_THAT(this->Sort({{rooms["b"], rooms["a"], rooms["a"]}}), refused);
  EXPECT_EQ(this->Order(), "ab");
}

TYPED_TEST_P(RoomSortContract, GuestsKnowPredecessorsWithAnEntryAlone) {
  auto rooms = this->Rooms("ab");
  Room known;
  known.display_name = "c";
  known.entries = {{ContractUser(2), RoomRights{}}};
  const RoomId third = this->Insert(known);
  const Viewer guest = this->Guest(2);
  EXPECT_THAT(this->SortBy(guest, {{rooms["a"], RoomId(), rooms["b"]}}),
              HasReplyCode(::common::ROOM_PREDECESSOR_NOT_FOUND));
  EXPECT_OK(this->SortBy(guest, {{rooms["a"], RoomId(), third}}));
  EXPECT_EQ(this->Order(), "bca");
}

TYPED_TEST_P(RoomSortContract, RoomsThatAreMadeLaterComeBehindThoseThatWereSorted) {
  auto rooms = this->Rooms("abcd");
  EXPECT_OK(this->Sort({{rooms["d"], RoomId(), rooms["a"]}}));
  this->Insert("e");
  EXPECT_EQ(this->Order(), "adbce");
}

TYPED_TEST_P(RoomSortContract, RoomsWithoutANumberLeftBetweenThemAreNumberedAnew) {
  auto rooms = this->Rooms("abcdef");
  RoomChange change;
  const auto number = [&](const std::string& name, int64_t sort) {
    change.sort = sort;
    EXPECT_THAT(this->Update(rooms[name], change), IsOkAndHolds(true));
  };
  number("a", std::numeric_limits<int64_t>::min());
  number("b", std::numeric_limits<int64_t>::min() + 1);
  number("e", 7);
  number("f", std::numeric_limits<int64_t>::max());
  EXPECT_EQ(this->Order(), "abcdef");
  EXPECT_OK(this->Sort({{rooms["e"], RoomId(), rooms["a"]}}));
  EXPECT_EQ(this->Order(), "aebcdf");
  number("f", std::numeric_limits<int64_t>::max());
  EXPECT_OK(this->Sort({{rooms["a"], RoomId(), rooms["f"]}}));
  EXPECT_EQ(this->Order(), "ebcdfa");
  for (int i = 0; i < 40; ++i) {  // each halves the gap
    EXPECT_OK(this->Sort({{rooms[i % 2 == 0 ? "a" : "f"], RoomId(), rooms["e"]}}));
  }
  EXPECT_EQ(this->Order(), "efabcd");
}

TYPED_TEST_P(RoomSortContract, MovesAtOnceLeaveEveryRoomInOnePlace) {
  auto rooms = this->Rooms("abcdefgh");
  std::vector<std::thread> threads;
  for (const char* name : {"a", "b", "c", "d"}) {
    threads.emplace_back([this, &rooms, name] {
      for (const char* after : {"h", "g", "e", "f"}) {
        EXPECT_OK(this->Sort({{rooms.at(name), RoomId(), rooms.at(after)}}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string order = this->Order();
  EXPECT_EQ(order.substr(0, 2), "ef");
  std::string letters = order;
  std::sort(letters.begin(), letters.end());
  EXPECT_EQ(letters, "abcdefgh");
  EXPECT_EQ(order.substr(6), "gh");
}

REGISTER_TYPED_TEST_SUITE_P(
    RoomSortContract, ARoomIsMovedBehindAnyOtherAndToTheFirstPlace, MovesAreMadeOneAfterTheOther,
    MovesAreMadeAllOrNone, ARoomIsMovedBelowAnotherParentAndBack,
    AParentThatClosesACircleOrIsNotThereIsRefused, APredecessorIsAnotherRoomWithThatParent,
    GuestsKnowPredecessorsWithAnEntryAlone, RoomsThatAreMadeLaterComeBehindThoseThatWereSorted,
    RoomsWithoutANumberLeftBetweenThemAreNumberedAnew, MovesAtOnceLeaveEveryRoomInOnePlace);

}  // namespace usher::room
