// What every VisibleRooms must answer. Instantiated with a fixture that has `VisibleRooms&
// rooms()`, a `Caller Member()` without permissions, `RoomId Make()`, a room of the caller's
// company that nobody may join, `RoomId MakeElsewhere()`, and `Admit(room, user)`, which gives a
// user join in it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/access/caller.h"
#include "services/business_logic/visible_rooms.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {

template <class Fixture>
class VisibleRoomsContract : public Fixture {};

TYPED_TEST_SUITE_P(VisibleRoomsContract);

TYPED_TEST_P(VisibleRoomsContract, ACallerSeesWhereThereIsAnEntryAndNothingElse) {
  const Caller member = this->Member();
  const RoomId own = this->Make();
  const RoomId other = this->Make();
  this->Admit(own, member.user());
  this->Admit(other, UserId(NewUuid()));
  EXPECT_THAT(
      this->rooms().ToCaller(member.call(), {this->MakeElsewhere(), own, RoomId(NewUuid()), other}),
      IsOkAndHolds(::testing::ElementsAre(own)));
}

TYPED_TEST_P(VisibleRoomsContract, AnotherUserSeesThroughOwnEyesWhateverTheCallerSees) {
  const Caller member = this->Member();
  const UserId user(NewUuid());
  const RoomId of_the_caller = this->Make();
  const RoomId of_the_user = this->Make();
  this->Admit(of_the_caller, member.user());
  this->Admit(of_the_user, user);
  const std::vector<RoomId> all = {of_the_caller, of_the_user};
  EXPECT_THAT(this->rooms().ToUser(member.call(), {.user = user}, all),
              IsOkAndHolds(::testing::ElementsAre(of_the_user)));
  EXPECT_THAT(this->rooms().ToCaller(member.call(), all),
              IsOkAndHolds(::testing::ElementsAre(of_the_caller)));
}

TYPED_TEST_P(VisibleRoomsContract, RoomListAndRoomAdminShowAUserAllRoomsOfTheCompany) {
  const Caller member = this->Member();
  const RoomId closed = this->Make();
  const std::vector<RoomId> all = {this->MakeElsewhere(), closed, RoomId(NewUuid())};
  const UserId user(NewUuid());
  for (const Permission permission : {Permission::kRoomList, Permission::kRoomAdmin}) {
    EXPECT_THAT(this->rooms().ToUser(member.call(), {.user = user, .usable = {permission}}, all),
                IsOkAndHolds(::testing::ElementsAre(closed)));
  }
  EXPECT_THAT(this->rooms().ToUser(
                  member.call(),
                  {.user = user, .usable = {Permission::kUserAdmin, Permission::kRoomCreate}}, all),
              IsOkAndHolds(::testing::IsEmpty()));
}

TYPED_TEST_P(VisibleRoomsContract, AGuestSeesWhereThereIsAnEntryWhateverTheGuestHolds) {
  const Caller member = this->Member();
  const RoomId closed = this->Make();
  const RoomId own = this->Make();
  const UserId user(NewUuid());
  this->Admit(own, user);
  const KnownUser guest{.user = user, .usable = {Permission::kRoomAdmin}, .guest = true};
  EXPECT_THAT(this->rooms().ToUser(member.call(), guest, {closed, own}),
              IsOkAndHolds(::testing::ElementsAre(own)));
}

TYPED_TEST_P(VisibleRoomsContract, OfNoRoomsNoneAreSeen) {
  const Caller member = this->Member();
  this->Admit(this->Make(), member.user());
  EXPECT_THAT(this->rooms().ToCaller(member.call(), {}), IsOkAndHolds(::testing::IsEmpty()));
  EXPECT_THAT(this->rooms().ToUser(member.call(), {.user = member.user()}, {}),
              IsOkAndHolds(::testing::IsEmpty()));
}

REGISTER_TYPED_TEST_SUITE_P(VisibleRoomsContract, ACallerSeesWhereThereIsAnEntryAndNothingElse,
                            AnotherUserSeesThroughOwnEyesWhateverTheCallerSees,
                            RoomListAndRoomAdminShowAUserAllRoomsOfTheCompany,
                            AGuestSeesWhereThereIsAnEntryWhateverTheGuestHolds,
                            OfNoRoomsNoneAreSeen);

}  // namespace usher::business_logic
