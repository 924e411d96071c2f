#include "common/token/access_token.h"

#include <gtest/gtest.h>
#include <usher/token/v1/claims.pb.h>

#include <functional>

#include "tests/support/fake_clock.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace access_token_test {

using ::usher::token::v1::Claims;

AccessToken AFullToken() {
  AccessToken token = AToken(absl::FromUnixMicros(1893456000123456));
  token.type = TokenType::kJoin;
  token.permissions = {Permission::kUserShow, Permission::kRoomAdmin};
  token.guest = true;
  token.display_name = "Zo\u00eb";
  token.base_permissions_id = UserId("01900000-0000-7000-8000-000000000009");
  token.extension_disallowed = true;
  token.only_room = RoomId(kRoom);
  token.not_before = absl::FromUnixSeconds(1893456000);
  token.expires_at = absl::FromUnixSeconds(1893459600);
  return token;
}

// The payload of a valid token after `change`.
absl::StatusOr<AccessToken> ParseChanged(const std::function<void(Claims&)>& change) {
  Claims claims;
  EXPECT_TRUE(claims.ParseFromString(SerializePayload(AToken(absl::FromUnixSeconds(1893456000)))));
  change(claims);
  return ParsePayload(claims.SerializeAsString());
}

TEST(AccessToken, ComesBackAsItWas) {
  const AccessToken token = AFullToken();
  const auto back = ParsePayload(SerializePayload(token));
  ASSERT_OK(back);
  EXPECT_EQ(back->type, token.type);
  EXPECT_EQ(back->user, token.user);
  EXPECT_EQ(back->company, token.company);
  EXPECT_EQ(back->permissions, token.permissions);
  EXPECT_EQ(back->guest, token.guest);
  EXPECT_EQ(back->display_name, token.display_name);
  EXPECT_EQ(back->base_permissions_id, token.base_permissions_id);
  EXPECT_EQ(back->extension_disallowed, token.extension_disallowed);
  EXPECT_EQ(back->session, token.session);
  EXPECT_EQ(back->token_id, token.token_id);
  EXPECT_EQ(back->only_room, token.only_room);
  EXPECT_EQ(back->issued_at, token.issued_at);
  EXPECT_EQ(back->not_before, token.not_before);
  EXPECT_EQ(back->expires_at, token.expires_at);
}

TEST(AccessToken, ThatAdministersItsRoomComesBackAsItWas) {
  AccessToken token = AFullToken();
  token.guest = false;
  token.room_admin = true;
  const auto back = ParsePayload(SerializePayload(token));
  ASSERT_OK(back);
  EXPECT_TRUE(back->room_admin);
}

TEST(AccessToken, WithoutPermissionsComesBackWithoutPermissions) {
  AccessToken token = AFullToken();
  token.permissions = {};
  const auto back = ParsePayload(SerializePayload(token));
  ASSERT_OK(back);
  EXPECT_TRUE(back->permissions.empty());
}

TEST(AccessToken, PermissionsThatAreFalseOrUnknownGiveNothing) {
  for (const auto& [number, value] : std::vector<std::pair<int, bool>>{
           {5, false}, {77, true}, {12, true}, {999, true}, {-1, true}}) {
    const auto token = ParseChanged([&, n = number, v = value](Claims& claims) {
      claims.mutable_token()->mutable_permissions()->clear();
      (*claims.mutable_token()->mutable_permissions())[n] = v;
    });
    ASSERT_OK(token);
    EXPECT_TRUE(token->permissions.empty()) << number;
  }
}

TEST(AccessToken, IsRefusedWhenItIsNotForUsher) {
  ASSERT_OK(ParseChanged([](Claims&) {}));
  const std::vector<std::function<void(Claims&)>> changes = {
      [](Claims& c) { c.clear_audience(); },
      [](Claims& c) { c.set_audience("usher2"); },
      [](Claims& c) { c.clear_type(); },
      [](Claims& c) { c.set_type(static_cast<Claims::Type>(9)); },
      [](Claims& c) { c.clear_token(); },
      [](Claims& c) { c.mutable_token()->clear_userid(); },
      [](Claims& c) { c.mutable_token()->set_userid("abc"); },
      [](Claims& c) { c.mutable_token()->set_userid("01900000-0000-7000-8000-0000000000AA"); },
      [](Claims& c) { c.mutable_token()->clear_companyid(); },
      [](Claims& c) { c.mutable_token()->set_companyid("Acme"); },
      [](Claims& c) { c.clear_session_id(); },
      [](Claims& c) { c.mutable_token()->set_basepermissionsid("abc"); },
      [](Claims& c) { c.set_room_id("abc"); },
      [](Claims& c) { c.set_room_id(kRoom); },      // a room in a token that is no join token
      [](Claims& c) { c.set_type(Claims::JOIN); },  // a join token without a room
      [](Claims& c) { c.set_room_admin(true); },    // of no room
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    EXPECT_THAT(ParseChanged(changes[i]), HasReplyCode(::common::AUTHENTICATION_ERROR)) << i;
  }
}

TEST(AccessToken, AdministersARoomInJoinTokensOfUsersAlone) {
  const auto joining = [](bool guest) {
    return ParseChanged([guest](Claims& claims) {
      claims.set_type(Claims::JOIN);
      claims.set_room_id(kRoom);
      claims.set_room_admin(true);
      claims.mutable_token()->set_isguest(guest);
    });
  };
  ASSERT_OK(joining(false));
  EXPECT_TRUE(joining(false)->room_admin);
  EXPECT_EQ(joining(false)->only_room, RoomId(kRoom));
  EXPECT_THAT(joining(true), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST(AccessToken, IsRefusedWhenItIsNoMessage) {
  for (const char* payload : {"", "x", "\xff\xff\xff\xff", "\x0a\x7f"}) {
    EXPECT_THAT(ParsePayload(payload), HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
}

}  // namespace access_token_test
}  // namespace usher::token
