// What every KnownUsers must answer. Instantiated with a fixture that has `KnownUsers& users()`,
// `Caller Administrator()`, who may ask, and that makes users of the caller's company and of
// another: `UserId Make(PermissionSet, bool guest)` and `UserId MakeElsewhere()`.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/business_logic/known_users.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {

template <class Fixture>
class KnownUsersContract : public Fixture {};

TYPED_TEST_SUITE_P(KnownUsersContract);

TYPED_TEST_P(KnownUsersContract, AUserIsWhatSigningInGives) {
  const PermissionSet permissions{Permission::kRoomList, Permission::kUserShow};
  const UserId id = this->Make(permissions, false);
  const auto user = this->users().Get(this->Administrator().call(), id);
  ASSERT_OK(user);
  EXPECT_EQ(user->user, id);
  EXPECT_EQ(user->usable, permissions);
  EXPECT_FALSE(user->guest);
}

TYPED_TEST_P(KnownUsersContract, AGuestIsToldApart) {
  const auto guest = this->users().Get(this->Administrator().call(), this->Make({}, true));
  ASSERT_OK(guest);
  EXPECT_TRUE(guest->guest);
}

TYPED_TEST_P(KnownUsersContract, UsersOfAnotherCompanyAreNotFoundLikeWhoDoesNotExist) {
  for (const UserId& user : {this->MakeElsewhere(), UserId(NewUuid())}) {
    EXPECT_THAT(this->users().Get(this->Administrator().call(), user),
                HasReplyCode(::common::NOT_FOUND));
  }
}

REGISTER_TYPED_TEST_SUITE_P(KnownUsersContract, AUserIsWhatSigningInGives, AGuestIsToldApart,
                            UsersOfAnotherCompanyAreNotFoundLikeWhoDoesNotExist);

}  // namespace usher::business_logic
