#include "tests/support/fake_room_store.h"

#include "tests/support/contracts/room_forget_contract.h"
#include "tests/support/contracts/room_list_contract.h"
#include "tests/support/contracts/room_page_contract.h"
#include "tests/support/contracts/room_sort_contract.h"
#include "tests/support/contracts/room_store_contract.h"
#include "tests/support/contracts/room_tree_contract.h"
#include "tests/support/contracts/room_update_contract.h"

namespace usher::room {
namespace fake_room_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  RoomStore& store() { return store_; }

 private:
  FakeRoomStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomUpdateContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomListContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomPageContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomSortContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomTreeContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomForgetContract, ::testing::Types<OnTheFake>);

TEST(FakeRoomStore, WhatItListedOutlivesIt) {
  Room room;
  room.display_name = "room";
  room.metadata = {{"key", std::string(100, 'x')}};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  const RoomId id(NewUuid());
  ListedRooms listed;
  {
    FakeRoomStore store;
    const Viewer viewer{CompanyId("acme"), ContractUser(2)};
    EXPECT_OK(store.Insert(ACall(), viewer, id, room, AnyParent));
    auto answer = store.List(ACall(), viewer, RoomPage());
    ASSERT_OK(answer);
    listed = *std::move(answer);
  }
  EXPECT_EQ(RoomsOf(listed), (std::map<RoomId, Room>{{id, room}}));
}

}  // namespace fake_room_store_test
}  // namespace usher::room
