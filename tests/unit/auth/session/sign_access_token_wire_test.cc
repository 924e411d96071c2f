// What sign_in_wire.h makes of signAccessToken.
#include <common/permissions.pb.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/auth/session/sign_in_wire.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace sign_access_token_wire_test {

namespace wire = ::authentication;

constexpr char kUser[] = "01900000-0000-7000-8000-00000000ABCD";
constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";

wire::SignAccessTokenRequest ForUser() {
  wire::SignAccessTokenRequest request;
  request.mutable_accesstoken()->set_userid(kUser);
  return request;
}

TEST(SignAccessTokenWire, TheWishIsReadAsItIs) {
  wire::SignAccessTokenRequest request = ForUser();
  auto& given = *request.mutable_accesstoken();
  given.set_companyid("Beta");
  given.set_expiresat(-5);
  (*given.mutable_permissions())[::common::USER_LIST] = true;
  (*given.mutable_permissions())[::common::USER_ADMIN] = false;
  given.set_isguest(true);
  given.set_displayname(" Gus ");
  given.set_basepermissionsid(kUser);
  given.set_extensiondisallowed(true);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->user, UserId(kUserCanonical));
  EXPECT_EQ(wish->company, CompanyId("beta"));
  EXPECT_EQ(wish->expires_at, absl::FromUnixSeconds(-5));
  EXPECT_EQ(wish->permissions, PermissionSet{Permission::kUserList});
  EXPECT_TRUE(wish->guest);
  EXPECT_EQ(wish->display_name, "Gus");
  EXPECT_EQ(wish->base_permissions_id, UserId(kUserCanonical));
  EXPECT_TRUE(wish->extension_disallowed);
}

TEST(SignAccessTokenWire, WhatIsLeftOutIsNotWished) {
  const auto wish = FromWire(ForUser());
  ASSERT_OK(wish);
  EXPECT_EQ(wish->company, std::nullopt);
  EXPECT_EQ(wish->expires_at, std::nullopt);
  EXPECT_EQ(wish->permissions, PermissionSet{});
  EXPECT_FALSE(wish->guest);
  EXPECT_EQ(wish->display_name, "");
  EXPECT_TRUE(wish->base_permissions_id.empty());
  EXPECT_FALSE(wish->extension_disallowed);
}

TEST(SignAccessTokenWire, TokenAndUserAreRequired) {
  wire::SignAccessTokenRequest request;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.mutable_accesstoken();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(SignAccessTokenWire, IdsAreUuids) {
  wire::SignAccessTokenRequest request = ForUser();
  request.mutable_accesstoken()->set_basepermissionsid("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
  request = ForUser();
  request.mutable_accesstoken()->set_userid("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
}

TEST(SignAccessTokenWire, ADisplayNameFollowsTheRulesOfNames) {
  wire::SignAccessTokenRequest request = ForUser();
  request.mutable_accesstoken()->set_displayname(std::string(256, 'x'));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  for (const char* malformed : {"a\nb", "a\x7f", "\xff\xfe",
                                "a\xe2\x80\xae"
                                "b"}) {
    request.mutable_accesstoken()->set_displayname(malformed);
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR)) << malformed;
  }
}

TEST(SignAccessTokenWire, NoneStripsAllAndWhatIsNoPermissionIsRefused) {
  wire::SignAccessTokenRequest request = ForUser();
  auto& permissions = *request.mutable_accesstoken()->mutable_permissions();
  permissions[::common::USER_LIST] = true;
  permissions[::common::NONE] = true;
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->permissions, PermissionSet{});
  permissions[4711] = true;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(SignAccessTokenWire, ASignedTokenComesWithoutARefreshToken) {
  SignedToken signed_token;
  signed_token.bytes = "token";
  signed_token.token.user = UserId(kUserCanonical);
  signed_token.token.permissions = {Permission::kUserList};
  signed_token.token.expires_at = absl::FromUnixSeconds(1893456000);
  wire::AuthenticationReply reply;
  ToWire(signed_token, &reply);

  wire::AuthenticationReply expected;
  expected.set_accesstoken("token");
  expected.set_expiresat(1893456000);
  expected.set_userid(kUserCanonical);
  expected.set_accountstatus(wire::ACTIVATED);
  (*expected.mutable_permissions())[::common::USER_LIST] = true;
  EXPECT_THAT(reply, EqualsProto(expected));
}

}  // namespace sign_access_token_wire_test
}  // namespace usher::auth
