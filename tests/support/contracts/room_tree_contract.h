// What must hold of the tree of rooms in every RoomStore, whatever happens at once.
#pragma once

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomTreeContract : public RoomStoreFixture<Fixture> {
 protected:
  std::map<RoomId, RoomId> Parents() {
    RoomPage page;
    page.limit = 1000;
    const auto listed = this->store().List(ACall(), this->Administrator(), page);
    EXPECT_OK(listed);
    std::map<RoomId, RoomId> parents;
    for (const RoomView& room : *listed) parents[IdOf(room)] = RoomId(std::string(room.parent));
    return parents;
  }
  // Every room leads to the top, over rooms that there are.
  void ExpectATree() {
    const std::map<RoomId, RoomId> parents = Parents();
    for (const auto& [room, parent] : parents) {
      RoomId up = parent;
      for (size_t steps = 0; !up.empty(); ++steps) {
        ASSERT_LE(steps, parents.size()) << "a circle above " << room.value();
        ASSERT_EQ(parents.count(up), 1u) << "a parent that is gone, above " << room.value();
        up = parents.at(up);
      }
    }
  }
  absl::Status Move(const RoomId& room, const RoomId& parent) {
    RoomChange change;
    change.parent = parent;
    return this->Update(room, change).status();
  }
  absl::Status Sort(const RoomId& room, const RoomId& parent) {
    const Viewer viewer = this->Administrator();
    return this->store().Sort(ACall(), viewer, {{room, parent, RoomId()}},
                              [&](const RoomMove&, const LockedRoom& locked) {
                                return CheckParent(viewer, locked.parent);
                              });
  }
  absl::Status Remove(const RoomId& room) {
    return this->store()
        .Remove(ACall(), this->Administrator(), room,
                [](const RoomAccess&) { return absl::OkStatus(); })
        .status();
  }
};

TYPED_TEST_SUITE_P(RoomTreeContract);

TYPED_TEST_P(RoomTreeContract, MovesByUpdateAndBySortAtOnceCloseNoCircle) {
  for (int round = 0; round < 10; ++round) {
    const RoomId a = this->Insert("a");
    const RoomId b = this->Insert("b");
    const RoomId c = this->Insert("c");
    absl::Status first, second, third;
    std::thread one([&] { first = this->Move(a, b); });
    std::thread two([&] { second = this->Sort(b, c); });
    third = this->Move(c, a);
    one.join();
    two.join();
    int refused = 0;
    for (const absl::Status& outcome : {first, second, third}) {
      if (outcome.ok()) continue;
      EXPECT_THAT(outcome, HasReplyCode(::common::ROOM_INVALID));
      ++refused;
    }
    EXPECT_EQ(refused, 1);
    this->ExpectATree();
  }
}

TYPED_TEST_P(RoomTreeContract, NoRoomIsLeftBelowOneThatIsRemovedMeanwhile) {
  for (int round = 0; round < 10; ++round) {
    const RoomId top = this->Insert("top");
    const RoomId middle = this->Insert("middle", top);
    const RoomId moved = this->Insert("moved");
    const RoomId sorted = this->Insert("sorted");
    std::vector<std::thread> others;
    others.emplace_back([&] { EXPECT_OK(this->Remove(middle)); });
    others.emplace_back([&] {
      Room room;
      room.display_name = "new";
      room.parent = middle;
      const auto made = this->TryInsert(ACall(), RoomId(NewUuid()), room);
      if (!made.ok()) EXPECT_THAT(made, HasReplyCode(::common::ROOM_NOT_FOUND));
    });
    others.emplace_back([&] {
      const absl::Status outcome = this->Move(moved, middle);
      if (!outcome.ok()) EXPECT_THAT(outcome, HasReplyCode(::common::ROOM_NOT_FOUND));
    });
    const absl::Status outcome = this->Sort(sorted, middle);
    if (!outcome.ok()) EXPECT_THAT(outcome, HasReplyCode(::common::ROOM_NOT_FOUND));
    for (std::thread& other : others) other.join();
    EXPECT_EQ(this->Parents().count(middle), 0u);
    this->ExpectATree();
  }
}

TYPED_TEST_P(RoomTreeContract, RemovingRoomsFromTheMiddleOfAChainLeavesTheRestInIt) {
  std::vector<RoomId> chain = {this->Insert("0")};
  for (int i = 1; i < 8; ++i) chain.push_back(this->Insert(absl::StrCat(i), chain.back()));
  std::vector<std::thread> removals;
  for (const int gone : {1, 2, 4, 6}) {
    removals.emplace_back([&, gone] { EXPECT_OK(this->Remove(chain[gone])); });
  }
  for (std::thread& removal : removals) removal.join();
  std::map<RoomId, RoomId> parents = this->Parents();
  EXPECT_EQ(parents.size(), 4u);
  EXPECT_EQ(parents[chain[7]], chain[5]);
  EXPECT_EQ(parents[chain[5]], chain[3]);
  EXPECT_EQ(parents[chain[3]], chain[0]);
  EXPECT_EQ(parents[chain[0]], RoomId());
}

REGISTER_TYPED_TEST_SUITE_P(RoomTreeContract, MovesByUpdateAndBySortAtOnceCloseNoCircle,
                            NoRoomIsLeftBelowOneThatIsRemovedMeanwhile,
                            RemovingRoomsFromTheMiddleOfAChainLeavesTheRestInIt);

}  // namespace usher::room
