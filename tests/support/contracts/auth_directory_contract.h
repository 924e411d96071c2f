// What every AuthDirectory must do. Instantiated with a fixture that has
//   AuthDirectory& directory()
//   CallContext Call()                           of an administrator of "acme"
//   UserKey User(PermissionSet held)             somebody with a way to sign in that gives this
//   UserKey UserWhoHeldMore(PermissionSet held)  the same with an older way that is switched off
//   UserKey Guest()                              who is signed in
//   std::optional<OpaqueCredentials> NewCredentials()   that nobody has
//   bool SignsIn(const UserKey&, const OpaqueCredentials&)   whether the user can with them
// Who may do what is auth's affair, and no part of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "common/base/id.h"
#include "services/user/auth_directory.h"
#include "tests/support/status_matchers.h"

namespace usher::user {

template <class Fixture>
class AuthDirectoryContract : public Fixture {
 protected:
  static UserKey Somebody() { return {CompanyId("acme"), UserId(NewUuid())}; }
  static constexpr PermissionSet kHeld = {Permission::kUserAdmin, Permission::kRoomAdmin};

  absl::StatusOr<KnownUser> Get(const UserKey& key) {
    return this->directory().Get(this->Call(), key.user);
  }
};

TYPED_TEST_SUITE_P(AuthDirectoryContract);

TYPED_TEST_P(AuthDirectoryContract, WhoIsMadeKnownIsThereAndHoldsNothing) {
  const UserKey key = this->Somebody();
  EXPECT_THAT(this->Get(key), HasReplyCode(::common::NOT_FOUND));
  EXPECT_OK(this->directory().Ensure(this->Call(), key.user, std::nullopt));
  EXPECT_OK(this->directory().Ensure(this->Call(), key.user, std::nullopt));
  EXPECT_THAT(this->directory().Settle(this->Call(), key), IsOkAndHolds(true));
  EXPECT_THAT(this->directory().WasRemoved(this->Call(), key), IsOkAndHolds(false));
  const auto known = this->Get(key);
  ASSERT_OK(known);
  EXPECT_EQ(known->held, PermissionSet{});
  EXPECT_FALSE(known->guest);
}

TYPED_TEST_P(AuthDirectoryContract, WhoIsMadeKnownWithCredentialsSignsInWithThem) {
  const UserKey key = this->Somebody();
  const std::optional<OpaqueCredentials> credentials = this->NewCredentials();
  EXPECT_OK(this->directory().Ensure(this->Call(), key.user, credentials));
  EXPECT_OK(this->directory().Ensure(this->Call(), key.user, credentials));
  EXPECT_TRUE(this->SignsIn(key, *credentials));
}

TYPED_TEST_P(AuthDirectoryContract, WhoeverIsRuledOutIsNeverMade) {
  const UserKey key = this->Somebody();
  EXPECT_THAT(this->directory().Settle(this->Call(), key), IsOkAndHolds(false));
  EXPECT_THAT(this->directory().Settle(this->Call(), key), IsOkAndHolds(false));
  for (const auto& credentials : {std::optional<OpaqueCredentials>(), this->NewCredentials()}) {
    EXPECT_THAT(this->directory().Ensure(this->Call(), key.user, credentials),
                HasReplyCode(::common::USER_INVALID));
  }
  EXPECT_THAT(this->Get(key), HasReplyCode(::common::NOT_FOUND));
}

TYPED_TEST_P(AuthDirectoryContract, WhoIsRemovedIsGoneForGood) {
  const UserKey key = this->User({});
  EXPECT_OK(this->directory().Remove(this->Call(), key.user));
  EXPECT_OK(this->directory().Remove(this->Call(), key.user));
  EXPECT_THAT(this->directory().WasRemoved(this->Call(), key), IsOkAndHolds(true));
  EXPECT_THAT(this->directory().Settle(this->Call(), key), IsOkAndHolds(false));
  EXPECT_THAT(this->Get(key), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->directory().Ensure(this->Call(), key.user, std::nullopt),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_THAT(this->directory().UpdateMethods(this->Call(), key.user, *this->NewCredentials()),
              HasReplyCode(::common::NOT_FOUND));
}

TYPED_TEST_P(AuthDirectoryContract, WhoWasNeverThereIsNotFound) {
  const UserKey key = this->Somebody();
  EXPECT_THAT(this->directory().Remove(this->Call(), key.user), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->directory().WasRemoved(this->Call(), key), IsOkAndHolds(false));
  EXPECT_THAT(this->directory().UpdateMethods(this->Call(), key.user, *this->NewCredentials()),
              HasReplyCode(::common::NOT_FOUND));
  // Asking has ruled nobody out.
  EXPECT_OK(this->directory().Ensure(this->Call(), key.user, std::nullopt));
}

TYPED_TEST_P(AuthDirectoryContract, AnotherCompanyHasItsOwnUsers) {
  const UserKey key = this->User(this->kHeld);
  const UserKey elsewhere{CompanyId("globex"), key.user};
  EXPECT_THAT(this->directory().WasRemoved(this->Call(), elsewhere), IsOkAndHolds(false));
  EXPECT_THAT(this->directory().Settle(this->Call(), elsewhere), IsOkAndHolds(false));
  EXPECT_THAT(this->directory().Settle(this->Call(), key), IsOkAndHolds(true));
  CallContext call = this->Call();
  call.company = elsewhere.company;
  EXPECT_THAT(this->directory().Get(call, key.user), HasReplyCode(::common::NOT_FOUND));
}

TYPED_TEST_P(AuthDirectoryContract, WhatIsHeldIsHeldWithAllMethodsAlsoThoseThatAreOff) {
  const auto known = this->Get(this->User(this->kHeld));
  ASSERT_OK(known);
  EXPECT_EQ(known->held, this->kHeld);
  EXPECT_FALSE(known->guest);
  const auto held_more = this->Get(this->UserWhoHeldMore(this->kHeld));
  ASSERT_OK(held_more);
  EXPECT_EQ(held_more->held, this->kHeld);
}

TYPED_TEST_P(AuthDirectoryContract, AGuestIsOneAlsoWhenSignedIn) {
  const auto known = this->Get(this->Guest());
  ASSERT_OK(known);
  EXPECT_TRUE(known->guest);
}

TYPED_TEST_P(AuthDirectoryContract, AMethodIsAdded) {
  const UserKey key = this->User({});
  const std::optional<OpaqueCredentials> credentials = this->NewCredentials();
  EXPECT_FALSE(this->SignsIn(key, *credentials));
  EXPECT_OK(this->directory().UpdateMethods(this->Call(), key.user, *credentials));
  EXPECT_TRUE(this->SignsIn(key, *credentials));
}

REGISTER_TYPED_TEST_SUITE_P(AuthDirectoryContract, WhoIsMadeKnownIsThereAndHoldsNothing,
                            WhoIsMadeKnownWithCredentialsSignsInWithThem,
                            WhoeverIsRuledOutIsNeverMade, WhoIsRemovedIsGoneForGood,
                            WhoWasNeverThereIsNotFound, AnotherCompanyHasItsOwnUsers,
                            WhatIsHeldIsHeldWithAllMethodsAlsoThoseThatAreOff,
                            AGuestIsOneAlsoWhenSignedIn, AMethodIsAdded);

}  // namespace usher::user
