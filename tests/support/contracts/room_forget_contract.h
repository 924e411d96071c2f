// How every RoomStore must forget users. Instantiated with a fixture as in room_store_contract.h.
#pragma once

#include <thread>
#include <vector>

#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

template <class Fixture>
class RoomForgetContract : public RoomStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RoomForgetContract);

TYPED_TEST_P(RoomForgetContract, AForgottenUserHasNoEntriesAndEverythingElseStays) {
  Room room;
  room.display_name = "room";
  room.metadata = {{"key", "value"}};
  room.default_rights = RoomRights{RoomRight::kJoin};
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kAdmin}},
                  {ContractUser(3), RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a"), {"A", 1}}};
  const RoomId shared = this->Insert(room);
  const RoomId theirs = this->Insert(room, "other");
  Room without = room;
  without.entries.erase(ContractUser(2));
  const RoomId untouched = this->Insert(without);
  EXPECT_THAT(this->store().ForgetSome(ACall(), CompanyId("acme"), ContractUser(2), 100),
              IsOkAndHolds(true));
  EXPECT_EQ(this->Find(shared), without);
  EXPECT_EQ(this->Find(untouched), without);
  EXPECT_EQ(this->Find(theirs, this->Administrator("other")), room);
}

TYPED_TEST_P(RoomForgetContract, AUserIsForgottenInAsManyRoomsAtOnceAsIsSaidUntilThereAreNone) {
  Room room;
  room.display_name = "room";
  room.entries = {{ContractUser(2), RoomRights{RoomRight::kJoin}}};
  for (int i = 0; i < 5; ++i) this->Insert(room);
  const auto left = [&] { return this->Names(this->Guest(2)).size(); };
  for (const size_t expected : {3, 1, 0}) {
    EXPECT_THAT(this->store().ForgetSome(ACall(), CompanyId("acme"), ContractUser(2), 2),
                IsOkAndHolds(true));
    EXPECT_EQ(left(), expected);
  }
  EXPECT_THAT(this->store().ForgetSome(ACall(), CompanyId("acme"), ContractUser(2), 2),
              IsOkAndHolds(false));
}

TYPED_TEST_P(RoomForgetContract, TheEntriesOfARoomAreCountedWithoutThoseOfForgottenUsers) {
  Room room;
  room.display_name = "room";
  for (int i = 0; i < 40; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  const RoomId id = this->Insert(room);
  for (int i = 0; i < 20; ++i) {
    EXPECT_OK(this->store().ForgetSome(ACall(), CompanyId("acme"), ContractUser(i), 100));
    room.entries.erase(ContractUser(i));
    EXPECT_EQ(this->Find(id), room);
  }
  size_t counted = 0;
  EXPECT_THAT(this->store().Update(ACall(), this->Administrator(), id, {},
                                   [&](const LockedRoom& room) -> absl::StatusOr<RoomWrite> {
                                     counted = room.entry_count;
                                     return RoomNotFound();
                                   }),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(counted, 20u);
}

TYPED_TEST_P(RoomForgetContract, UsersWhoAreForgottenAtOnceAllCount) {
  Room room;
  room.display_name = "room";
  for (int i = 0; i < 6; ++i) room.entries[ContractUser(i)] = RoomRights{RoomRight::kJoin};
  std::vector<RoomId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(this->Insert(room));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_OK(this->store().ForgetSome(ACall(), CompanyId("acme"), ContractUser(i), 100));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const RoomId& id : ids) EXPECT_EQ(this->Find(id)->entries.size(), 2u);
}

REGISTER_TYPED_TEST_SUITE_P(RoomForgetContract, AForgottenUserHasNoEntriesAndEverythingElseStays,
                            AUserIsForgottenInAsManyRoomsAtOnceAsIsSaidUntilThereAreNone,
                            TheEntriesOfARoomAreCountedWithoutThoseOfForgottenUsers,
                            UsersWhoAreForgottenAtOnceAllCount);

}  // namespace usher::room
