// What every JoinTokenSigner must do. Instantiated with a fixture that has `JoinTokenSigner&
// signer()`, `Caller Signed(ACaller)`, the caller with a token that the signer takes, and
// `token::AccessToken Read(bytes)`, what a token says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/time/clock.h"
#include "services/room/join_token_signer.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

template <class Fixture>
class JoinTokenSignerContract : public Fixture {
 protected:
  // Somebody whose token ends in half an hour.
  static ACaller Member() { return ACaller().As(NewUuid()).ExpiringAt(Soon(absl::Minutes(30))); }
  static absl::Time Soon(absl::Duration time) {
    return absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now() + time));
  }
  token::AccessToken Made(const Caller& caller, const JoinTokenWish& wish) {
    const auto made = this->signer().SignJoinToken(caller.call(), wish);
    EXPECT_OK(made);
    if (!made.ok()) return {};
    const token::AccessToken token = this->Read(made->bytes);
    EXPECT_EQ(made->expires_at, token.expires_at);
    return token;
  }
};

TYPED_TEST_SUITE_P(JoinTokenSignerContract);

TYPED_TEST_P(JoinTokenSignerContract, ATokenIsTheCallersForOneRoomWithoutPermissions) {
  const Caller caller = this->Signed(this->Member().With(Permission::kRoomList));
  const RoomId room(NewUuid());
  const token::AccessToken token = this->Made(caller, {.room = room});
  EXPECT_EQ(token.type, token::TokenType::kJoin);
  EXPECT_EQ(token.only_room, room);
  EXPECT_EQ(token.user, caller.user());
  EXPECT_EQ(token.company, caller.company());
  EXPECT_EQ(token.permissions, PermissionSet());
  EXPECT_TRUE(token.extension_disallowed);
  EXPECT_FALSE(token.room_admin);
  EXPECT_EQ(token.expires_at, caller.token().expires_at);
}

TYPED_TEST_P(JoinTokenSignerContract, AWishedEndOnlyEverShortens) {
  const Caller caller = this->Signed(this->Member());
  const RoomId room(NewUuid());
  const absl::Time soon = this->Soon(absl::Minutes(5));
  EXPECT_EQ(this->Made(caller, {.room = room, .expires_at = soon}).expires_at, soon);
  EXPECT_EQ(
      this->Made(caller, {.room = room, .expires_at = this->Soon(absl::Minutes(45))}).expires_at,
      caller.token().expires_at);
}

TYPED_TEST_P(JoinTokenSignerContract, AnEndThatHasPassedIsOutOfRange) {
  const Caller caller = this->Signed(this->Member());
  for (const int64_t end : {int64_t{1}, int64_t{-1}, std::numeric_limits<int64_t>::min()}) {
    EXPECT_THAT(
        this->signer().SignJoinToken(
            caller.call(), {.room = RoomId(NewUuid()), .expires_at = absl::FromUnixSeconds(end)}),
        HasReplyCode(::common::RANGE_ERROR))
        << end;
  }
}

TYPED_TEST_P(JoinTokenSignerContract, OnlyHoldersOfRoomAdminWhoAreNoGuestsAdministerTheRoom) {
  const JoinTokenWish wish{.room = RoomId(NewUuid()), .room_admin = true};
  const ACaller administrator = this->Member().With(Permission::kRoomAdmin);
  EXPECT_TRUE(this->Made(this->Signed(administrator), wish).room_admin);
  for (const ACaller& caller :
       {this->Member().With(Permission::kRoomList), ACaller(administrator).AsGuest("Gus")}) {
    EXPECT_THAT(this->signer().SignJoinToken(this->Signed(caller).call(), wish),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
}

REGISTER_TYPED_TEST_SUITE_P(JoinTokenSignerContract, ATokenIsTheCallersForOneRoomWithoutPermissions,
                            AWishedEndOnlyEverShortens, AnEndThatHasPassedIsOutOfRange,
                            OnlyHoldersOfRoomAdminWhoAreNoGuestsAdministerTheRoom);

}  // namespace usher::room
