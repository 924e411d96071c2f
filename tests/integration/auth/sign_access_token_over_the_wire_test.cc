// signAccessToken: a token made from a token.
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace sign_access_token_over_the_wire_test {

class SignAccessTokenOverTheWire : public AuthOverTheWire {
 protected:
  static ::common::AccessToken For(const std::string& user, PermissionSet permissions = {}) {
    ::common::AccessToken wish;
    wish.set_userid(user);
    *wish.mutable_permissions() = Wire(permissions);
    return wish;
  }
  Reply Sign(const std::string& token, const ::common::AccessToken& wish) {
    ::authentication::SignAccessTokenRequest request;
    *request.mutable_accesstoken() = wish;
    return Ask(&AuthStub::signAccessToken, As(token, request));
  }
  static int64_t In(absl::Duration duration) { return absl::ToUnixSeconds(absl::Now() + duration); }

  const Account account_ = NewAccount({Permission::kUserList, Permission::kUserShow});
  const SignedIn session_ = SignIn(account_);
};

TEST_F(SignAccessTokenOverTheWire, OneselfGetsFewerPermissionsAndNoRefreshToken) {
  const Reply reply = Sign(session_.access_token, For(account_.user, {Permission::kUserList}));
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.userid(), account_.user);
  EXPECT_TRUE(reply.refreshtoken().empty());
  EXPECT_EQ(reply.permissions_size(), 1);
  const token::AccessToken claims = Claims(reply.accesstoken());
  EXPECT_EQ(claims.permissions, PermissionSet{Permission::kUserList});
  EXPECT_EQ(claims.session, Claims(session_.access_token).session);
  EXPECT_EQ(claims.expires_at, Claims(session_.access_token).expires_at);
  EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::OK));
}

// L7.
TEST_F(SignAccessTokenOverTheWire, NeverMoreThanTheOwnTokenHas) {
  EXPECT_THAT(Sign(session_.access_token, For(account_.user, {Permission::kRoomAdmin})),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  const Reply narrow = Sign(session_.access_token, For(account_.user));
  EXPECT_THAT(Sign(narrow.accesstoken(), For(account_.user, {Permission::kUserList})),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Sign(AdminOf("acme"), For(account_.user, {Permission::kCompanyAdmin})),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(SignAccessTokenOverTheWire, AnyExpiryUpToTheAccessLifetime) {
  ::common::AccessToken wish = For(account_.user);
  wish.set_expiresat(In(absl::Minutes(5)));
  const Reply brief = Sign(session_.access_token, wish);
  EXPECT_EQ(brief.expiresat(), wish.expiresat());
  wish.set_expiresat(In(absl::Minutes(30)));
  EXPECT_EQ(Sign(brief.accesstoken(), wish).expiresat(), wish.expiresat()) << "beyond the own";
  for (const int64_t expiry : {In(absl::Hours(2)), In(-absl::Seconds(5)), int64_t{-1}}) {
    wish.set_expiresat(expiry);
    EXPECT_THAT(Sign(session_.access_token, wish), IsRefusedWith(::common::RANGE_ERROR)) << expiry;
  }
}

TEST_F(SignAccessTokenOverTheWire, WhatMayNotBeExtendedHasNoneButSuchChildren) {
  ::common::AccessToken wish = For(account_.user);
  wish.set_expiresat(In(absl::Minutes(5)));
  wish.set_extensiondisallowed(true);
  const std::string parent = Sign(session_.access_token, wish).accesstoken();
  EXPECT_TRUE(Claims(parent).extension_disallowed);
  wish.set_extensiondisallowed(false);
  wish.set_expiresat(0);
  const std::string child = Sign(parent, wish).accesstoken();
  EXPECT_TRUE(Claims(child).extension_disallowed);
  EXPECT_EQ(Claims(child).expires_at, Claims(parent).expires_at);
  wish.set_expiresat(In(absl::Minutes(10)));
  EXPECT_THAT(Sign(parent, wish), IsRefusedWith(::common::RANGE_ERROR));
}

TEST_F(SignAccessTokenOverTheWire, ForAnotherItTakesUserAdminAndAllThatTheyHold) {
  const std::string user = account_.user;
  EXPECT_THAT(Sign(TokenWith({Permission::kUserShow, Permission::kUserList}), For(user)),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Sign(TokenWith({Permission::kUserAdmin}), For(user)),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(
      Sign(GuestToken({Permission::kUserAdmin, Permission::kUserShow, Permission::kUserList}),
           For(user)),
      IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  const PermissionSet enough{Permission::kUserAdmin, Permission::kUserShow, Permission::kUserList};
  const Reply reply = Sign(TokenWith(enough), For(user));
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(Claims(reply.accesstoken()).user.value(), user);
  EXPECT_THAT(Sign(TokenWith(enough), For(user, {Permission::kUserList})),
              IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Sign(AdminOf("acme"), For(user, {Permission::kUserList})), Answers(::common::OK));
}

// tests/conformance/wire.md, fact 8: a profile without credentials, who is let into a room with a
// signed token.
TEST_F(SignAccessTokenOverTheWire, AUserWithoutAnyMethodGetsATokenToo) {
  ::user::UserCreateRequest create;
  create.mutable_user()->mutable_userprofile()->set_firstname("Ann");
  const auto made = Ask(&UserStub::userCreate, As(AdminOf("acme"), create));
  ASSERT_THAT(made, Answers(::common::OK));
  const Reply reply = Sign(AdminOf("acme"), For(made.userid()));
  ASSERT_THAT(reply, Answers(::common::OK));
  const std::string room = NewRoom();
  LetIn(room, made.userid(), {RoomRight::kJoin});
  ::roomService::CreateJoinLinkRequest link;
  link.set_roomid(room);
  EXPECT_THAT(Ask(&RoomStub::CreateJoinLink, As(reply.accesstoken(), link)), Answers(::common::OK));
}

TEST_F(SignAccessTokenOverTheWire, NeverForWhomIsNotThereOrNotActive) {
  EXPECT_THAT(Sign(AdminOf("acme"), For(NewUuid())), IsRefusedWith(::common::NOT_FOUND));
  EXPECT_THAT(Sign(AdminOf("globex"), For(account_.user)), IsRefusedWith(::common::NOT_FOUND));
  SetUserStatus(account_, ::authentication::DEACTIVATED);
  const Reply reply = Sign(AdminOf("acme"), For(account_.user));
  EXPECT_THAT(reply, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(reply.accountstatus(), ::authentication::DEACTIVATED);
}

TEST_F(SignAccessTokenOverTheWire, ForAnotherCompanyItTakesThePlatformAdministrator) {
  ::common::AccessToken wish = For(account_.user);
  wish.set_companyid("acme");
  EXPECT_THAT(Sign(AdminOf("globex"), wish), IsRefusedWith(::common::NOT_FOUND));
  EXPECT_THAT(Sign(TokenWith(kPlatformPermissions.Or(kCompanyAdministrator), "globex"), wish),
              IsRefusedWith(::common::NOT_FOUND));
  const Reply reply = Sign(AdminOf("operator"), wish);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(Claims(reply.accesstoken()).company.value(), "acme");
  wish.set_companyid("no-such-company");
  EXPECT_THAT(Sign(AdminOf("operator"), wish), IsRefusedWith(::common::NOT_FOUND));
}

TEST_F(SignAccessTokenOverTheWire, NobodyBecomesAGuestOrTakesAName) {
  ::common::AccessToken wish = For(account_.user);
  wish.set_isguest(true);
  EXPECT_THAT(Sign(session_.access_token, wish), IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
  wish = For(account_.user);
  wish.set_basepermissionsid(NewUuid());
  EXPECT_THAT(Sign(session_.access_token, wish), IsRefusedWith(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(SignAccessTokenOverTheWire, WhatIsMissingOrMalformedIsRefused) {
  EXPECT_THAT(Ask(&AuthStub::signAccessToken,
                  As<::authentication::SignAccessTokenRequest>(session_.access_token)),
              IsRefusedWith(::common::REQUEST_EMPTY));
  EXPECT_THAT(Sign(session_.access_token, For("")), IsRefusedWith(::common::REQUEST_EMPTY));
  EXPECT_THAT(Sign(session_.access_token, For("abc")), IsRefusedWith(::common::USER_ID_INVALID));
  ::common::AccessToken wish = For(account_.user);
  (*wish.mutable_permissions())[12] = true;
  EXPECT_THAT(Sign(session_.access_token, wish), IsRefusedWith(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Sign("", For(account_.user)), IsRefusedWith(::common::ACCESS_INFO_MISSING));
}

// L7: children of a revoked parent.
TEST_F(SignAccessTokenOverTheWire, TheSignedEndsWithTheSessionOfWhoSigned) {
  const Account admin = NewAccount(kCompanyAdministrator);
  const SignedIn session = SignIn(admin);
  const std::string own = Sign(session.access_token, For(admin.user)).accesstoken();
  const std::string others = Sign(session.access_token, For(account_.user)).accesstoken();
  Request sign_out;
  sign_out.mutable_refreshtokencredentials()->set_principal(
      Claims(session.access_token).session.value());
  sign_out.set_accountstatus(::authentication::DELETED);
  ASSERT_THAT(Update(session.access_token, admin.user, sign_out), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(own), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(others), Answers(::common::AUTHENTICATION_ERROR));
}

}  // namespace sign_access_token_over_the_wire_test
}  // namespace usher
