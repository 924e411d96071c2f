#include "tests/support/a_caller.h"
#include "tests/support/contracts/known_users_contract.h"
#include "tests/support/contracts/visible_rooms_contract.h"
#include "tests/support/fake_known_users.h"
#include "tests/support/fake_visible_rooms.h"

namespace usher::business_logic {
namespace fake_ports_test {

class FakeUsers : public ::testing::Test {
 protected:
  KnownUsers& users() { return users_; }
  static Caller Administrator() { return ACaller().With(Permission::kUserAdmin); }
  UserId Make(PermissionSet permissions, bool guest) {
    const UserId user(NewUuid());
    users_.Add(CompanyId(kCallerCompany), {.user = user, .usable = permissions, .guest = guest});
    return user;
  }
  UserId MakeElsewhere() {
    const UserId user(NewUuid());
    users_.Add(CompanyId("beta"), {.user = user});
    return user;
  }

 private:
  FakeKnownUsers users_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, KnownUsersContract, ::testing::Types<FakeUsers>);

class FakeRooms : public ::testing::Test {
 protected:
  VisibleRooms& rooms() { return rooms_; }
  static Caller Member() { return ACaller(); }
  RoomId Make(const char* company = kCallerCompany) {
    const RoomId room(NewUuid());
    rooms_.Make(CompanyId(company), room);
    return room;
  }
  RoomId MakeElsewhere() { return Make("beta"); }
  void Admit(const RoomId& room, const UserId& user) {
    rooms_.Show(CompanyId(kCallerCompany), user, room);
  }

 private:
  FakeVisibleRooms rooms_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, VisibleRoomsContract, ::testing::Types<FakeRooms>);

}  // namespace fake_ports_test
}  // namespace usher::business_logic
