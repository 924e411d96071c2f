// What every FavoriteStore must do. Instantiated with a fixture that has `FavoriteStore& store()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/business_logic/favorite_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {

// A room ID that differs in its last digits.
inline RoomId ContractRoom(int number) {
  return RoomId(absl::StrCat("01900000-0000-7000-8000-", absl::Dec(number, absl::kZeroPad12)));
}

// The rooms with the numbers from `first` on.
inline std::vector<RoomId> ContractRooms(int first, int count) {
  std::vector<RoomId> rooms;
  for (int i = 0; i < count; ++i) rooms.push_back(ContractRoom(first + i));
  return rooms;
}

inline Owner AnOwner(const std::string& company = kCallerCompany,
                     const std::string& user = kCallerId) {
  return {CompanyId(company), UserId(user)};
}

template <class Fixture>
class FavoriteStoreContract : public Fixture {
 protected:
  absl::Status Change(const FavoriteChange& change, const Owner& owner = AnOwner()) {
    return this->store().Change(ACall(), owner, change);
  }
  absl::Status Add(const std::vector<RoomId>& rooms, const Owner& owner = AnOwner()) {
    return Change({.add = rooms, .remove = {}}, owner);
  }
  absl::Status Remove(const std::vector<RoomId>& rooms) {
    return Change({.add = {}, .remove = rooms});
  }
  std::vector<RoomId> List(const Owner& owner = AnOwner()) {
    const auto listed = this->store().List(ACall(), owner);
    EXPECT_OK(listed);
    return listed.ok() ? *listed : std::vector<RoomId>();
  }
};

TYPED_TEST_SUITE_P(FavoriteStoreContract);

TYPED_TEST_P(FavoriteStoreContract, ListsInTheOrderInWhichTheyWereAdded) {
  EXPECT_THAT(this->List(), ::testing::IsEmpty());
  EXPECT_OK(this->Add({ContractRoom(3), ContractRoom(1)}));
  EXPECT_OK(this->Add({ContractRoom(2)}));
  EXPECT_THAT(this->List(),
              ::testing::ElementsAre(ContractRoom(3), ContractRoom(1), ContractRoom(2)));
}

TYPED_TEST_P(FavoriteStoreContract, AddingWhatIsThereKeepsItsPlace) {
  EXPECT_OK(this->Add({ContractRoom(1), ContractRoom(2)}));
  EXPECT_OK(this->Add({ContractRoom(3), ContractRoom(1)}));
  EXPECT_THAT(this->List(),
              ::testing::ElementsAre(ContractRoom(1), ContractRoom(2), ContractRoom(3)));
}

TYPED_TEST_P(FavoriteStoreContract, RemovesWhatIsNamedAndNothingElse) {
  EXPECT_OK(this->Add(ContractRooms(1, 3)));
  EXPECT_OK(this->Remove({ContractRoom(2), ContractRoom(9)}));
  EXPECT_THAT(this->List(), ::testing::ElementsAre(ContractRoom(1), ContractRoom(3)));
}

TYPED_TEST_P(FavoriteStoreContract, WhatIsAddedAgainStandsLast) {
  EXPECT_OK(this->Add(ContractRooms(1, 2)));
  EXPECT_OK(this->Remove({ContractRoom(1)}));
  EXPECT_OK(this->Add({ContractRoom(1)}));
  EXPECT_THAT(this->List(), ::testing::ElementsAre(ContractRoom(2), ContractRoom(1)));
}

TYPED_TEST_P(FavoriteStoreContract, OwnersKeepTheirsApart) {
  const Owner neighbour = AnOwner("acme", "01900000-0000-7000-9000-000000000002");
  const Owner elsewhere = AnOwner("beta");
  EXPECT_OK(this->Add({ContractRoom(1)}));
  EXPECT_OK(this->Add({ContractRoom(2)}, neighbour));
  EXPECT_OK(this->Add({ContractRoom(3)}, elsewhere));
  EXPECT_OK(this->Remove({ContractRoom(2), ContractRoom(3)}));
  EXPECT_THAT(this->List(), ::testing::ElementsAre(ContractRoom(1)));
  EXPECT_THAT(this->List(neighbour), ::testing::ElementsAre(ContractRoom(2)));
  EXPECT_THAT(this->List(elsewhere), ::testing::ElementsAre(ContractRoom(3)));
}

TYPED_TEST_P(FavoriteStoreContract, OneBeyondTheLimitChangesNothing) {
  EXPECT_OK(this->Add(ContractRooms(1, 1000)));
  EXPECT_THAT(this->Add({ContractRoom(1001)}), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(this->Change({.add = ContractRooms(1001, 2), .remove = {ContractRoom(1)}}),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(this->List(), ContractRooms(1, 1000));
}

TYPED_TEST_P(FavoriteStoreContract, WhatIsRemovedMakesRoomInTheSameChange) {
  EXPECT_OK(this->Add(ContractRooms(1, 1000)));
  EXPECT_OK(this->Change({.add = {ContractRoom(1001)}, .remove = {ContractRoom(1)}}));
  EXPECT_EQ(this->List(), ContractRooms(2, 1000));
}

TYPED_TEST_P(FavoriteStoreContract, WhatIsThereAlreadyDoesNotCountTwice) {
  EXPECT_OK(this->Add(ContractRooms(1, 1000)));
  EXPECT_OK(this->Add(ContractRooms(1, 1000)));
  EXPECT_OK(this->Add({ContractRoom(7)}));
  EXPECT_EQ(this->List(), ContractRooms(1, 1000));
}

TYPED_TEST_P(FavoriteStoreContract, TheLimitIsEachOwnersOwn) {
  EXPECT_OK(this->Add(ContractRooms(1, 1000)));
  EXPECT_OK(this->Add({ContractRoom(1001)}, AnOwner("beta")));
}

TYPED_TEST_P(FavoriteStoreContract, OfAForgottenUserThereAreNoneAndOthersKeepTheirs) {
  const Owner neighbour = AnOwner("acme", "01900000-0000-7000-9000-000000000002");
  const Owner elsewhere = AnOwner("beta");
  for (const Owner& owner : {AnOwner(), neighbour, elsewhere}) {
    EXPECT_OK(this->Add(ContractRooms(1, 3), owner));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(this->store().Forget(ACall(), AnOwner()));
    EXPECT_THAT(this->List(), ::testing::IsEmpty());
    EXPECT_EQ(this->List(neighbour), ContractRooms(1, 3));
    EXPECT_EQ(this->List(elsewhere), ContractRooms(1, 3));
  }
}

REGISTER_TYPED_TEST_SUITE_P(FavoriteStoreContract, ListsInTheOrderInWhichTheyWereAdded,
                            AddingWhatIsThereKeepsItsPlace, RemovesWhatIsNamedAndNothingElse,
                            WhatIsAddedAgainStandsLast, OwnersKeepTheirsApart,
                            OneBeyondTheLimitChangesNothing, WhatIsRemovedMakesRoomInTheSameChange,
                            WhatIsThereAlreadyDoesNotCountTwice, TheLimitIsEachOwnersOwn,
                            OfAForgottenUserThereAreNoneAndOthersKeepTheirs);

}  // namespace usher::business_logic
