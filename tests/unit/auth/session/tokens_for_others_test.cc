// Tokens of tokens.h that somebody signs for another user.
#include <string>
#include <vector>

#include "tests/support/tokens_for_others_test_base.h"

namespace usher::auth {
namespace tokens_for_others_test {

constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

using TokensForOthersTest = TokensForOthersTestBase;

// L7: for somebody else.
TEST_F(TokensForOthersTest, AUserAdministratorSignsForAUserOfTheCompany) {
  const Caller caller = UserAdministrator();
  const auto made = Sign(caller, For(ann_));
  ASSERT_OK(made);
  const auto token = verifier_.Verify(made->bytes);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, token::TokenType::kAccess);
  EXPECT_EQ((*token)->user, ann_);
  EXPECT_EQ((*token)->company, CompanyId("acme"));
  EXPECT_EQ((*token)->permissions, PermissionSet{});
  EXPECT_EQ((*token)->session, caller.token().session);
  EXPECT_EQ((*token)->issued_at, clock_.Now());
  EXPECT_EQ((*token)->expires_at, Own());
  EXPECT_FALSE((*token)->guest);
  EXPECT_EQ((*token)->display_name, "");
  EXPECT_TRUE((*token)->base_permissions_id.empty());
  EXPECT_FALSE((*token)->extension_disallowed);
  EXPECT_OK(Sign(caller, For(ann_, {}, CompanyId("acme"))));
}

TEST_F(TokensForOthersTest, ItIsRefusedWithoutUserAdmin) {
  const ACaller all_but_user_admin =
      Member().With(kCompanyAdministrator.Without({Permission::kUserAdmin}));
  for (const UserId& user : {ann_, UserId(NewUuid())}) {
    EXPECT_THAT(Sign(Member(), For(user)), IsRefused());
    EXPECT_THAT(Sign(all_but_user_admin, For(user)), IsRefused());
  }
}

// Published clients make such users and sign tokens for them.
TEST_F(TokensForOthersTest, AUserNeedsNoMethodOfItsOwn) {
  const UserId user(NewUuid());
  ASSERT_OK(store_.EnsureUser(ACall(), CompanyId("acme"), user, std::nullopt));
  EXPECT_EQ(Signed(UserAdministrator(), For(user)).user, user);
}

TEST_F(TokensForOthersTest, GivingPermissionsTakesGrantPermissions) {
  const ACaller without = UserAdministrator().With(kLists);
  EXPECT_THAT(Sign(without, For(ann_, {Permission::kRoomList})), IsRefused());
  const ACaller with = UserAdministrator().With(kLists).With(Permission::kGrantPermissions);
  EXPECT_EQ(Signed(with, For(ann_, kLists)).permissions, kLists);
  EXPECT_THAT(Sign(with, For(ann_, kLists.Or({Permission::kRoomAdmin}))), IsRefused());
  EXPECT_THAT(Sign(Member().With(kLists).With(Permission::kGrantPermissions), For(ann_, kLists)),
              IsRefused());
}

TEST_F(TokensForOthersTest, PlatformPermissionsAreGivenByThePlatformAdministratorAlone) {
  const PermissionSet platform{Permission::kCompanyAdmin};
  EXPECT_THAT(
      Sign(Member().With(kCompanyAdministrator).With(kPlatformPermissions), For(ann_, platform)),
      IsRefused());
  EXPECT_OK(Sign(PlatformAdministrator().With(Permission::kGrantPermissions),
                 For(ann_, platform, CompanyId("acme"))));
}

// L7: dominance.
TEST_F(TokensForOthersTest, ItTakesAllThatTheUserHolds) {
  const UserId strong = MadeUser("strong", kLists);
  EXPECT_THAT(Sign(UserAdministrator(), For(strong)), IsRefused());
  EXPECT_THAT(Sign(UserAdministrator().With(Permission::kRoomList), For(strong)), IsRefused());
  EXPECT_OK(Sign(UserAdministrator().With(kLists), For(strong)));
  // As much as is held by methods that are switched off.
  SetStatus(strong, Key(KeyType::kPassword, "strong"), AccountStatus::kDeactivated);
  EXPECT_THAT(Sign(UserAdministrator(), For(strong)), IsRefused());
}

TEST_F(TokensForOthersTest, NoTokenIsSignedForAUserWhoIsNotActive) {
  for (const AccountStatus status :
       {AccountStatus::kDeactivated, AccountStatus::kLocked, AccountStatus::kPending}) {
    SetStatus(ann_, status);
    EXPECT_EQ(StatusOf(Sign(UserAdministrator(), For(ann_))), AccountInactive(status));
    EXPECT_EQ(StatusOf(Sign(PlatformAdministrator(), For(ann_, {}, CompanyId("acme")))),
              AccountInactive(status));
  }
  SetStatus(ann_, AccountStatus::kActivated);
  EXPECT_OK(Sign(UserAdministrator(), For(ann_)));
  store_.SwitchOff(CompanyId("acme"));
  EXPECT_EQ(StatusOf(Sign(PlatformAdministrator(), For(ann_, {}, CompanyId("acme")))),
            AccountInactive(AccountStatus::kDeleted));
}

TEST_F(TokensForOthersTest, NoTokenIsSignedForAUserWhoseLastActiveMethodIsOff) {
  const MethodKey password = Key(KeyType::kPassword, "ann");
  for (const AccountStatus status :
       {AccountStatus::kDeactivated, AccountStatus::kLocked, AccountStatus::kPending}) {
    SetStatus(ann_, password, status);
    EXPECT_EQ(StatusOf(Sign(UserAdministrator(), For(ann_))), AccountInactive(status));
  }
  ASSERT_OK(Update(Platform(), ann_, InAcme(Code("second", kApiCode))));
  EXPECT_OK(Sign(UserAdministrator(), For(ann_)));
}

// Their status is nothing for those who may not touch them.
TEST_F(TokensForOthersTest, TheStatusOfAStrongerUserIsNotTold) {
  const UserId strong = MadeUser("strong", kLists);
  SetStatus(strong, AccountStatus::kDeactivated);
  EXPECT_THAT(Sign(UserAdministrator(), For(strong)), IsRefused());
}

TEST_F(TokensForOthersTest, WhoIsNotInTheCompanyIsNotFound) {
  const UserId removed = MadeUser("removed");
  ASSERT_OK(users_.Remove(Administrator(), removed));
  const UserId elsewhere = Made(Password("bob", kGoodPassword), Administrator().In("beta"));
  for (const UserId& user : {UserId(NewUuid()), removed, elsewhere}) {
    EXPECT_THAT(Sign(UserAdministrator(), For(user)), IsNotFound());
  }
}

TEST_F(TokensForOthersTest, AnotherCompanyIsOpenToThePlatformAdministratorAlone) {
  const UserId bob = Made(Password("bob", kGoodPassword), Administrator().In("beta"));
  const token::AccessToken token = Signed(PlatformAdministrator(), For(bob, {}, CompanyId("beta")));
  EXPECT_EQ(token.user, bob);
  EXPECT_EQ(token.company, CompanyId("beta"));
  EXPECT_EQ(token.permissions, PermissionSet{});

  const ACaller not_of_the_operator =
      Member().With(kCompanyAdministrator).With(kPlatformPermissions);
  const ACaller not_administrator =
      Member().In("operator").InOperatorCompany().With(kCompanyAdministrator);
  EXPECT_THAT(Sign(not_of_the_operator, For(bob, {}, CompanyId("beta"))), IsNotFound());
  EXPECT_THAT(Sign(not_administrator, For(bob, {}, CompanyId("beta"))), IsNotFound());
}

TEST_F(TokensForOthersTest, ThePlatformAdministratorNamesTheRightCompany) {
  const ACaller platform = PlatformAdministrator().With(Permission::kUserAdmin);
  for (const char* company : {"", "operator", "beta", "unknown"}) {
    EXPECT_THAT(Sign(ACaller(platform), For(ann_, {}, CompanyId(company))), IsNotFound())
        << company;
  }
  EXPECT_OK(Sign(PlatformAdministrator(), For(ann_, {}, CompanyId("acme"))));
}

// What takes USER_ADMIN in any company takes it in the operator's.
TEST_F(TokensForOthersTest, InTheOwnCompanyThePlatformAdministratorTakesUserAdminToo) {
  const UserId bob =
      Made(Password("bob", kGoodPassword), Administrator().In("operator").InOperatorCompany());
  EXPECT_THAT(Sign(PlatformAdministrator(), For(bob)), IsRefused());
  EXPECT_THAT(Sign(PlatformAdministrator(), For(bob, {}, CompanyId("operator"))), IsRefused());
  EXPECT_OK(Sign(PlatformAdministrator().With(Permission::kUserAdmin), For(bob)));
}

TEST_F(TokensForOthersTest, ThePlatformAdministratorGivesNoMoreThanTheTokenHolds) {
  EXPECT_THAT(Sign(PlatformAdministrator(), For(ann_, {Permission::kRoomList}, CompanyId("acme"))),
              IsRefused());
  EXPECT_THAT(Sign(PlatformAdministrator().With(Permission::kGrantPermissions),
                   For(ann_, {Permission::kRoomList}, CompanyId("acme"))),
              IsRefused());
}

TEST_F(TokensForOthersTest, ExtensionDisallowedIsInherited) {
  EXPECT_TRUE(Signed(UserAdministrator().WithoutExtension(), For(ann_)).extension_disallowed);
  TokenWish wish = For(ann_);
  wish.extension_disallowed = true;
  EXPECT_TRUE(Signed(UserAdministrator(), wish).extension_disallowed);
  EXPECT_THAT(
      Sign(UserAdministrator().WithoutExtension(), ForUntil(ann_, Own() + absl::Seconds(1))),
      IsBeyondLimit());
}

TEST_F(TokensForOthersTest, TheExpiryIsBoundToTheSessionOfWhoeverSigns) {
  EXPECT_EQ(Signed(UserAdministrator(), ForUntil(ann_, Own())).expires_at, Own());
  const absl::Time longest = clock_.Now() + absl::Hours(1);
  EXPECT_THAT(Sign(UserAdministrator(), ForUntil(ann_, longest)), IsBeyondLimit());

  MadeUser("root", {Permission::kUserAdmin});
  const token::AccessToken own = Read(SignedInAs("root").access_token);
  const ACaller root = UserAdministrator().As(own.user).InSession(own.session);
  EXPECT_EQ(Signed(ACaller(root), ForUntil(ann_, longest)).expires_at, longest);
  EXPECT_THAT(Sign(root, ForUntil(ann_, longest + absl::Seconds(1))), IsBeyondLimit());
}

TEST_F(TokensForOthersTest, WhatEndsTheSessionEndsTheTokensSignedInIt) {
  const Caller caller = UserAdministrator();
  const auto made = Sign(caller, For(ann_));
  ASSERT_OK(made);
  ASSERT_OK(verifier_.Verify(made->bytes));
  End(caller.company(), caller.token().session);
  EXPECT_THAT(verifier_.Verify(made->bytes), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(TokensForOthersTest, WhatEndsTheSessionEndsTheTokensSignedInItForAnotherCompany) {
  const Caller platform = PlatformAdministrator();
  const auto made = Sign(platform, For(ann_, {}, CompanyId("acme")));
  ASSERT_OK(made);
  ASSERT_OK(verifier_.Verify(made->bytes));
  End(platform.company(), platform.token().session);
  EXPECT_THAT(verifier_.Verify(made->bytes), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(TokensForOthersTest, NothingIsDecidedWithoutADatabase) {
  store_.FailWith(Unreachable("the database"));
  EXPECT_THAT(Sign(UserAdministrator(), For(ann_)), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(TokensForOthersTest, WhatWasTakenFromTheCallerIsNotGivenBySigning) {
  const PermissionSet all{Permission::kUserAdmin, Permission::kGrantPermissions,
                          Permission::kUserList};
  const UserId root = MadeUser("root", all);
  const token::AccessToken token = Read(SignedInAs("root").access_token);
  const Caller caller = UserAdministrator().As(root).With(all).InSession(token.session);
  EXPECT_OK(Sign(caller, For(ann_, {Permission::kUserList})));
  SetPermissions(root, Key(KeyType::kPassword, "root"), {.take = {Permission::kUserList}});
  EXPECT_THAT(Sign(caller, For(ann_, {Permission::kUserList})), IsRefused());
  EXPECT_OK(Sign(caller, For(ann_)));
}

}  // namespace tokens_for_others_test
}  // namespace usher::auth
