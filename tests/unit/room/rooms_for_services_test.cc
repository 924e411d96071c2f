// What the other services ask of the rooms.
#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace rooms_for_services_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using RoomsForServicesTest = RoomsTestBase;

TEST_F(RoomsForServicesTest, WhatAnotherUserSeesIsAskedThroughThatUsersEyes) {
  const RoomId closed = Make();
  const RoomId open = Make({}, kJoin);
  const RoomId own = Make({{kMember, kJoin}});
  const RoomId shut = Make({{kMember, RoomRights{}}}, kJoin);
  const RoomId theirs = MakeElsewhere();
  const std::vector<RoomId> all = {shut, own, theirs, open, RoomId(NewUuid()), closed};
  const auto visible = [&](PermissionSet permissions, bool guest) {
    const auto found = rooms_.FindVisible(
        ACall(), ViewerWith(CompanyId("acme"), kMember, permissions, guest), all);
    EXPECT_OK(found);
    return found.value_or(std::vector<RoomId>());
  };
  EXPECT_THAT(visible({}, false), ElementsAre(own, open));
  EXPECT_THAT(visible({Permission::kUserAdmin}, false), ElementsAre(own, open));
  EXPECT_THAT(visible({Permission::kRoomList}, false), ElementsAre(shut, own, open, closed));
  EXPECT_THAT(visible({Permission::kRoomAdmin}, false), ElementsAre(shut, own, open, closed));
  EXPECT_THAT(visible({Permission::kRoomAdmin, Permission::kRoomList}, true), ElementsAre(own));
}

TEST_F(RoomsForServicesTest,
       AForgottenUserHasAnEntryInNoRoomOfTheCompanyAlsoWhereNobodyElseHasAdmin) {
  std::vector<RoomId> rooms;
  for (int i = 0; i < 250; ++i) rooms.push_back(Make({{kMember, kAdmin}}));
  const RoomId shared = Make({{kMember, kAdmin}, {kOther, kJoin}});
  EXPECT_OK(rooms_.ForgetUser(ACall(), CompanyId("acme"), kMember));
  EXPECT_THAT(rooms_.List(Member(), {}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Get(shared).entries, ElementsAre(Pair(kOther, kJoin)));
  EXPECT_OK(rooms_.ForgetUser(ACall(), CompanyId("acme"), kMember));
}

TEST_F(RoomsForServicesTest, WhatWasForgottenStaysForgottenWhenTheRestFails) {
  for (int i = 0; i < 150; ++i) Make({{kMember, kJoin}});
  store_.FailAfter(1, Unreachable("the database"));
  EXPECT_THAT(rooms_.ForgetUser(ACall(), CompanyId("acme"), kMember),
              IsUndecided(absl::StatusCode::kUnavailable));
  store_.FailAfter(0, absl::OkStatus());
  EXPECT_EQ(rooms_.List(Member(), {})->size(), 50u);
}

}  // namespace rooms_for_services_test
}  // namespace usher::room
