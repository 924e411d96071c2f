#include "tests/support/fake_room_directory.h"

#include "tests/support/contracts/room_directory_contract.h"

namespace usher::auth {
namespace fake_room_directory_test {

class OnTheFake : public ::testing::Test {
 protected:
  RoomDirectory& rooms() { return rooms_; }
  static Caller Signed(const ACaller& caller) { return caller; }
  RoomId Make(RoomRights by_default, const char* company = kCallerCompany) {
    const RoomId room(NewUuid());
    rooms_.Make(CompanyId(company), room, by_default);
    return room;
  }
  RoomId MakeElsewhere() { return Make({}, "beta"); }
  void Admit(const RoomId& room, const UserId& user, RoomRights rights) {
    rooms_.Admit(room, user, rights);
  }

 private:
  FakeRoomDirectory rooms_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RoomDirectoryContract, ::testing::Types<OnTheFake>);

}  // namespace fake_room_directory_test
}  // namespace usher::auth
