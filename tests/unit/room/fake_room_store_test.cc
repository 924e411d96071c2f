#include "tests/support/fake_room_store.h"

#include "tests/support/contracts/room_list_contract.h"
#include "tests/support/contracts/room_store_contract.h"

namespace usher::room {
namespace {

class OnTheFake : public ::testing::Test {
 protected:
  RoomStore& store() { return store_; }

 private:
  FakeRoomStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomListContract, ::testing::Types<OnTheFake>);

}  // namespace
}  // namespace usher::room
