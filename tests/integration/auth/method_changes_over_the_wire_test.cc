// authenticationUpdate.
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace method_changes_over_the_wire_test {

class MethodChangesOverTheWire : public AuthOverTheWire {
 protected:
  // A new secret for the account's password method.
  static Request NewSecret(const Account& account, const std::string& current = "") {
    Request request = Naming(account);
    request.mutable_usernamepasswordcredentials()->set_password("another password");
    request.mutable_usernamepasswordcredentials()->set_current(current);
    return request;
  }
  static Account WithNewSecret(Account account) {
    account.password = "another password";
    return account;
  }
  static Request WithStatus(Request request, ::authentication::AccountStatus status) {
    request.set_accountstatus(status);
    return request;
  }
};

TEST_F(MethodChangesOverTheWire, OnesOwnPasswordTakesTheCurrentOneAndEndsAllSessions) {
  const Account account = NewAccount();
  const SignedIn session = SignIn(account), other = SignIn(account);
  ASSERT_THAT(Update(session.access_token, account.user, NewSecret(account, account.password)),
              Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(other.access_token), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(account, other), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Authenticate(PasswordOf(WithNewSecret(account))), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(other.access_token, ::common::AUTHENTICATION_ERROR); }));
}

TEST_F(MethodChangesOverTheWire, ATokenAloneDoesNotChangeThePassword) {
  const Account account = NewAccount({Permission::kUserAdmin});
  const std::string token = SignIn(account).access_token;
  for (const char* current : {"", "not the current one"}) {
    EXPECT_THAT(Update(token, account.user, NewSecret(account, current)),
                Answers(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
}

TEST_F(MethodChangesOverTheWire, AnAdministratorSetsAPasswordWithoutTheCurrentOne) {
  const Account account = NewAccount();
  const SignedIn session = SignIn(account);
  EXPECT_THAT(Update(TokenWith({Permission::kUserCreate, Permission::kUserShow}), account.user,
                     NewSecret(account)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(TokenWith({Permission::kUserAdmin}), account.user, NewSecret(account)),
              Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(WithNewSecret(account))), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(MethodChangesOverTheWire, ASmallAdministratorDoesNotTouchABigOne) {
  const Account big = NewAccount(kCompanyAdministrator);
  const std::string small =
      TokenWith({Permission::kUserAdmin, Permission::kUserShow, Permission::kGrantPermissions});
  Request strip = Naming(big);
  (*strip.mutable_permissions())[::common::NONE] = true;
  for (const Request& change :
       {NewSecret(big), strip, WithStatus(Naming(big), ::authentication::DEACTIVATED),
        WithStatus(Request(), ::authentication::DEACTIVATED)}) {
    EXPECT_THAT(Update(small, big.user, change), Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_THAT(Update(small, big.user, Request(), /*remove_all=*/true),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Authenticate(PasswordOf(big)), Answers(::common::OK));
}

TEST_F(MethodChangesOverTheWire, PermissionsAreGivenTakenAndOtherwiseLeftAlone) {
  const Account account = NewAccount({Permission::kUserList, Permission::kUserShow});
  Request change = Naming(account);
  (*change.mutable_permissions())[::common::USER_SHOW] = false;
  (*change.mutable_permissions())[::common::ROOM_LIST] = true;
  ASSERT_THAT(Update(AdminOf("acme"), account.user, change), Answers(::common::OK));
  EXPECT_EQ(Claims(SignIn(account).access_token).permissions,
            (PermissionSet{Permission::kUserList, Permission::kRoomList}));
  EXPECT_THAT(
      Update(TokenWith({Permission::kUserAdmin, Permission::kUserList, Permission::kRoomList}),
             account.user, change),
      Answers(::common::INSUFFICIENT_PERMISSIONS))
      << "without GRANT_PERMISSIONS";
}

TEST_F(MethodChangesOverTheWire, NobodyChangesTheirOwnPermissionsOrStatus) {
  const Account account = NewAccount({Permission::kUserList, Permission::kGrantPermissions});
  const std::string token = SignIn(account).access_token;
  Request change = Naming(account);
  (*change.mutable_permissions())[::common::USER_LIST] = false;
  EXPECT_THAT(Update(token, account.user, change), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(
      Update(token, account.user, WithStatus(Naming(account), ::authentication::DEACTIVATED)),
      Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(MethodChangesOverTheWire, MetadataIsChangedEntryByEntry) {
  const Account account = NewAccount();
  Request change = Naming(account);
  (*change.mutable_metadata())["keep"] = "1";
  (*change.mutable_metadata())["drop"] = "2";
  ASSERT_THAT(Update(AdminOf("acme"), account.user, change), Answers(::common::OK));
  change.clear_metadata();
  (*change.mutable_metadata())["drop"] = "";
  ASSERT_THAT(Update(AdminOf("acme"), account.user, change), Answers(::common::OK));
  const auto reply = Information(AdminOf("acme"), account.user);
  const auto& metadata = reply.authenticationmethodinformation().at("password").metadata();
  EXPECT_EQ(metadata.size(), 1u);
  EXPECT_EQ(metadata.at("keep"), "1");
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK)) << "the secret stays";
}

TEST_F(MethodChangesOverTheWire, AMethodIsAddedToAUserAndRemovedByItsName) {
  const Account account = NewAccount();
  Account added = account;
  added.username = absl::StrCat("added-", NewUuid());
  ASSERT_THAT(Update(AdminOf("acme"), account.user, NewSecret(added)), Answers(::common::OK));
  added = WithNewSecret(added);
  EXPECT_EQ(Authenticate(PasswordOf(added)).userid(), account.user);
  const Request remove = WithStatus(Naming(added), ::authentication::DELETED);
  EXPECT_THAT(Update(AdminOf("acme"), account.user, remove), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(added)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Update(AdminOf("acme"), account.user, remove), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
}

TEST_F(MethodChangesOverTheWire, AnotherUsersMethodIsNotTakenOver) {
  const Account ann = NewAccount(), bob = NewAccount();
  EXPECT_THAT(Update(AdminOf("acme"), bob.user, NewSecret(ann)), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Update(AdminOf("acme"), bob.user, WithStatus(Naming(ann), ::authentication::DELETED)),
              Answers(::common::NOT_FOUND));
  EXPECT_EQ(Authenticate(PasswordOf(ann)).userid(), ann.user);
}

TEST_F(MethodChangesOverTheWire, RemoveAllTakesEveryMethodAndSession) {
  const Account account = NewAccount();
  const SignedIn session = SignIn(account);
  ASSERT_THAT(Update(AdminOf("acme"), account.user, Request(), /*remove_all=*/true),
              Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(account, session), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  const auto reply = Information(AdminOf("acme"), account.user);
  EXPECT_THAT(reply, Answers(::common::OK)) << "the user stays";
  EXPECT_EQ(reply.authenticationmethodinformation_size(), 0);
}

TEST_F(MethodChangesOverTheWire, RemoveAllMayLeaveOneNewMethodBehind) {
  const Account account = NewAccount({Permission::kUserList});
  Account fresh = account;
  fresh.username = absl::StrCat("fresh-", NewUuid());
  ASSERT_THAT(Update(AdminOf("acme"), account.user, NewSecret(fresh), /*remove_all=*/true),
              Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  const Reply reply = Authenticate(PasswordOf(WithNewSecret(fresh)));
  EXPECT_EQ(reply.userid(), account.user);
  EXPECT_TRUE(reply.permissions().empty());
}

TEST_F(MethodChangesOverTheWire, LockedIsThePlatformsAlone) {
  const Account account = NewAccount();
  Request lock = WithStatus(Naming(account), ::authentication::LOCKED);
  EXPECT_THAT(Update(AdminOf("acme"), account.user, lock), Answers(::common::ACTION_INVALID));
  lock.mutable_usernamepasswordcredentials()->set_companyid("acme");
  ASSERT_THAT(Update(AdminOf("operator"), account.user, lock), Answers(::common::OK));
  const Reply reply = Authenticate(PasswordOf(account));
  EXPECT_THAT(reply, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(reply.accountstatus(), ::authentication::LOCKED);
  const Request unlock = WithStatus(lock, ::authentication::ACTIVATED);
  EXPECT_THAT(Update(AdminOf("acme"), account.user, unlock), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Update(AdminOf("operator"), account.user, unlock), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
}

TEST_F(MethodChangesOverTheWire, ALockIsNotGotRoundByAnotherMethodNorByRemoving) {
  const Account account = NewAccount();
  Request lock = WithStatus(Naming(account), ::authentication::LOCKED);
  lock.mutable_usernamepasswordcredentials()->set_companyid("acme");
  ASSERT_THAT(Update(AdminOf("operator"), account.user, lock), Answers(::common::OK));
  Account second = account;
  second.username = absl::StrCat("second-", NewUuid());
  EXPECT_THAT(Update(AdminOf("acme"), account.user, NewSecret(second)),
              Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Update(AdminOf("acme"), account.user, Request(), /*remove_all=*/true),
              Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Authenticate(PasswordOf(WithNewSecret(second))),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(MethodChangesOverTheWire, AFurtherMethodOfOnesOwnTakesAPresentSecret) {
  const Account account = NewAccount({Permission::kUserAdmin});
  const std::string token = SignIn(account).access_token;
  Account second = account;
  second.username = absl::StrCat("second-", NewUuid());
  EXPECT_THAT(Update(token, account.user, NewSecret(second)),
              Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Update(token, account.user, NewSecret(second, account.password)),
              Answers(::common::OK));
  EXPECT_EQ(Authenticate(PasswordOf(WithNewSecret(second))).userid(), account.user);
}

// Published clients switch off by method, and sign tokens for others.
TEST_F(MethodChangesOverTheWire, WithTheLastActiveMethodTokensEndThatOthersSigned) {
  const Account account = NewAccount();
  const std::string admin = TokenWith({Permission::kUserAdmin});
  ::authentication::SignAccessTokenRequest request;
  request.mutable_accesstoken()->set_userid(account.user);
  const auto signed_token = Ask(&AuthStub::signAccessToken, As(admin, request));
  ASSERT_THAT(signed_token, Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(signed_token.accesstoken()), Answers(::common::OK));
  ASSERT_THAT(Update(AdminOf("acme"), account.user,
                     WithStatus(Naming(account), ::authentication::DEACTIVATED)),
              Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(signed_token.accesstoken()), Answers(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_THAT(Ask(&AuthStub::signAccessToken, As(admin, request)),
              IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
}

TEST_F(MethodChangesOverTheWire, UpdateRefusesWhatIsMissingMalformedOrUnknown) {
  const std::string token = AdminOf("acme");
  const Account account = NewAccount();
  EXPECT_THAT(Update("", account.user, Naming(account)), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Update(token, "", Naming(account)), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Update(token, account.user, Request()), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Update(token, "abc", Naming(account)), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(Update(token, NewUuid(), NewSecret(account)), Answers(::common::NOT_FOUND));
  Request two = Naming(account);
  two.mutable_authorizationcodecredentials()->set_clientid("x");
  EXPECT_THAT(Update(token, account.user, two), Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Update(token, account.user, WithStatus(Request(), ::authentication::DELETED)),
              Answers(::common::ACTION_INVALID));
  Request permissions;
  (*permissions.mutable_permissions())[::common::USER_LIST] = true;
  EXPECT_THAT(Update(token, account.user, permissions), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
}

}  // namespace method_changes_over_the_wire_test
}  // namespace usher
