// What every RoomDirectory must answer. Instantiated with a fixture that has `RoomDirectory&
// rooms()`, `Caller Signed(ACaller)`, the caller with a token that rooms take, `RoomId
// Make(RoomRights)`, a room of the callers' company with these default rights, `RoomId
// MakeElsewhere()`, and `Admit(room, user, rights)`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/method/methods.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class RoomDirectoryContract : public Fixture {
 protected:
  static ACaller Somebody() { return ACaller().As(NewUuid()); }
};

TYPED_TEST_SUITE_P(RoomDirectoryContract);

TYPED_TEST_P(RoomDirectoryContract, RightsAreThoseOfTheEntryElseTheDefaultOnes) {
  const RoomId room = this->Make({RoomRight::kVoice});
  const Caller member = this->Signed(this->Somebody());
  EXPECT_THAT(this->rooms().RightsInRoom(member, room),
              IsOkAndHolds(RoomRights{RoomRight::kVoice}));
  this->Admit(room, member.user(), {RoomRight::kJoin});
  EXPECT_THAT(this->rooms().RightsInRoom(member, room), IsOkAndHolds(RoomRights{RoomRight::kJoin}));
}

TYPED_TEST_P(RoomDirectoryContract, RoomAdminHasAllRights) {
  const RoomId room = this->Make({});
  EXPECT_THAT(
      this->rooms().RightsInRoom(this->Signed(this->Somebody().With(Permission::kRoomAdmin)), room),
      IsOkAndHolds(kAllRoomRights));
}

TYPED_TEST_P(RoomDirectoryContract, GuestsKnowRoomsWithAnEntryAlone) {
  const RoomId room = this->Make({RoomRight::kVoice});
  const Caller guest = this->Signed(this->Somebody().AsGuest("Gus").With(Permission::kRoomAdmin));
  EXPECT_THAT(this->rooms().RightsInRoom(guest, room), HasReplyCode(::common::ROOM_NOT_FOUND));
  this->Admit(room, guest.user(), {RoomRight::kJoin});
  EXPECT_THAT(this->rooms().RightsInRoom(guest, room), IsOkAndHolds(RoomRights{RoomRight::kJoin}));
}

// B2: the fake knew of no companies.
TYPED_TEST_P(RoomDirectoryContract, RoomsOfAnotherCompanyAreNotFoundLikeThoseThatDoNotExist) {
  const Caller administrator = this->Signed(this->Somebody().With(Permission::kRoomAdmin));
  for (const RoomId& room : {this->MakeElsewhere(), RoomId(NewUuid())}) {
    EXPECT_THAT(this->rooms().RightsInRoom(administrator, room),
                HasReplyCode(::common::ROOM_NOT_FOUND));
  }
}

REGISTER_TYPED_TEST_SUITE_P(RoomDirectoryContract, RightsAreThoseOfTheEntryElseTheDefaultOnes,
                            RoomAdminHasAllRights, GuestsKnowRoomsWithAnEntryAlone,
                            RoomsOfAnotherCompanyAreNotFoundLikeThoseThatDoNotExist);

}  // namespace usher::auth
