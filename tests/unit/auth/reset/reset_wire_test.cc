#include "services/auth/reset/reset_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace reset_wire_test {

namespace wire = ::authentication;

wire::AuthenticationUpdateRequest AnUpdate() {
  wire::AuthenticationUpdateRequest request;
  auto& given = *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  given.set_companyid("ACME");
  given.set_username("anna");
  given.set_password("a new password");
  given.set_passwordresettoken("token");
  return request;
}

TEST(ResetWire, ARequestNamesACompanyAndAUser) {
  wire::PasswordResetRequest request;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.set_companyid("ACME");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.set_username(" Anna ");
  request.set_reseturl("https://example.org/");
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->company, CompanyId("acme"));
  EXPECT_EQ(wish->username, "Anna");
  EXPECT_EQ(wish->page, "https://example.org/");
}

TEST(ResetWire, L12WhatNoCompanyIsCalledIsLikeOneThatIsNotThere) {
  wire::PasswordResetRequest request;
  request.set_companyid("no company!");
  request.set_username("anna");
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_TRUE(wish->company.empty());
}

TEST(ResetWire, L13NamesWithControlsAreRefused) {
  wire::PasswordResetRequest request;
  request.set_companyid("acme");
  for (const char* name : {"a\r\nBcc: x", "a\nb", "a\x01"}) {
    request.set_username(name);
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  }
}

TEST(ResetWire, AnUpdateShowsAResetTokenOrNot) {
  wire::AuthenticationUpdateRequest request = AnUpdate();
  EXPECT_TRUE(ShowsResetToken(request));
  request.mutable_authenticationrequest()
      ->mutable_usernamepasswordcredentials()
      ->clear_passwordresettoken();
  EXPECT_FALSE(ShowsResetToken(request));
  EXPECT_FALSE(ShowsResetToken(wire::AuthenticationUpdateRequest()));
}

TEST(ResetWire, AUseTellsWhoWithWhatToWhich) {
  const auto use = ResetUseFromWire(AnUpdate());
  ASSERT_OK(use);
  EXPECT_EQ(use->company, CompanyId("acme"));
  EXPECT_TRUE(use->user.empty());
  EXPECT_EQ(use->username, "anna");
  EXPECT_EQ(use->password.Reveal(), "a new password");
  EXPECT_EQ(use->token.Reveal(), "token");
}

TEST(ResetWire, AResetTokenSetsAPasswordAndNothingElse) {
  wire::AuthenticationUpdateRequest all = AnUpdate();
  all.set_removeall(true);
  wire::AuthenticationUpdateRequest status = AnUpdate();
  status.mutable_authenticationrequest()->set_accountstatus(wire::ACTIVATED);
  wire::AuthenticationUpdateRequest removal = AnUpdate();
  removal.mutable_authenticationrequest()->set_accountstatus(wire::DELETED);
  wire::AuthenticationUpdateRequest permission = AnUpdate();
  (*permission.mutable_authenticationrequest()->mutable_permissions())[::common::USER_ADMIN] = true;
  wire::AuthenticationUpdateRequest metadata = AnUpdate();
  (*metadata.mutable_authenticationrequest()->mutable_metadata())["a"] = "b";
  for (const auto& request : {all, status, removal, permission, metadata}) {
    EXPECT_THAT(ResetUseFromWire(request), HasReplyCode(::common::ACTION_INVALID));
  }
}

TEST(ResetWire, PasswordCompanyAndOneKindOfCredentialsHaveToBeThere) {
  wire::AuthenticationUpdateRequest request = AnUpdate();
  request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials()->clear_password();
  EXPECT_THAT(ResetUseFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request = AnUpdate();
  request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials()->clear_companyid();
  EXPECT_THAT(ResetUseFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request = AnUpdate();
  request.mutable_authenticationrequest()->mutable_authorizationcodecredentials();
  EXPECT_THAT(ResetUseFromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request = AnUpdate();
  request.set_userid("no UUID");
  EXPECT_THAT(ResetUseFromWire(request), HasReplyCode(::common::USER_ID_INVALID));
}

}  // namespace reset_wire_test
}  // namespace usher::auth
