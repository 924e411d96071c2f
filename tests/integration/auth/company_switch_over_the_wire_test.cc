// Going on with a session in another company: over the wire, as an attacker would.
#include "tests/integration/auth/company_switch_over_the_wire.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/auth/secret/made_code.h"

namespace usher {
namespace company_switch_over_the_wire_test {

using ::testing::ElementsAre;

TEST_F(CompanySwitchOverTheWire, WhoJoinedGoesToAndFro) {
  const Invitation invitation = Joined(ann_.password);
  const SignedIn session = SignIn(ann_);
  const Reply there = Switch(session, ann_.username, "globex");
  ASSERT_THAT(there, Answers(::common::OK));
  EXPECT_EQ(there.userid(), ann_.user);
  EXPECT_EQ(there.companyid(), "globex");
  EXPECT_EQ(Claims(there.accesstoken()).permissions, PermissionSet{Permission::kRoomCreate});
  EXPECT_THAT(AccountsOf(there), ElementsAre("acme", "globex"));
  EXPECT_TRUE(AllAnswer(there.accesstoken(), ::common::OK));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::AUTHENTICATION_ERROR));

  const Account elsewhere = There(invitation, ann_.user);
  const Reply refreshed = Refresh(elsewhere, there.accesstoken(), there.refreshtoken());
  ASSERT_THAT(refreshed, Answers(::common::OK));
  EXPECT_THAT(AccountsOf(refreshed), ElementsAre("acme", "globex"));
  const Reply back =
      Switch(refreshed.accesstoken(), refreshed.refreshtoken(), invitation.principal, "ACME");
  ASSERT_THAT(back, Answers(::common::OK));
  EXPECT_EQ(back.companyid(), "acme");
  EXPECT_EQ(Claims(back.accesstoken()).permissions, PermissionSet{Permission::kUserList});
  EXPECT_THAT(Refresh(elsewhere, refreshed.accesstoken(), refreshed.refreshtoken()),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanySwitchOverTheWire, RepliesAndListsTellWhereOneMayGo) {
  EXPECT_THAT(AccountsOf(Authenticate(PasswordOf(ann_))), ElementsAre("acme"));
  const Invitation invitation = Joined("");
  const Reply here = Authenticate(PasswordOf(ann_));
  EXPECT_EQ(here.companyid(), "acme");
  EXPECT_THAT(AccountsOf(here), ElementsAre("acme", "globex"));
  EXPECT_THAT(EligibleOf(here.accesstoken()), ElementsAre("acme", "globex"));
  const Reply there = Authenticate(PasswordOf(There(invitation, ann_.user)));
  EXPECT_THAT(AccountsOf(there), ElementsAre("globex")) << "without the password shown";
  EXPECT_THAT(EligibleOf(there.accesstoken()), ElementsAre("globex"));
  EXPECT_THAT(Switch(there.accesstoken(), there.refreshtoken(), invitation.principal, "acme"),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanySwitchOverTheWire, ATokenTellsWhatItSays) {
  Joined(ann_.password);
  const SignedIn session = SignIn(ann_);
  const auto reply = Ask(&AuthStub::accessTokenInformation,
                         As<::authentication::AccessTokenInformationRequest>(session.access_token));
  ASSERT_THAT(reply, Answers(::common::OK));
  const token::AccessToken claims = Claims(session.access_token);
  EXPECT_EQ(reply.accesstoken(), session.access_token);
  EXPECT_EQ(reply.refreshtoken(), "");
  EXPECT_EQ(reply.userid(), ann_.user);
  EXPECT_EQ(reply.companyid(), "acme");
  EXPECT_EQ(reply.expiresat(), absl::ToUnixSeconds(claims.expires_at));
  EXPECT_EQ(reply.accountstatus(), ::authentication::ACTIVATED);
  EXPECT_TRUE(reply.permissions().at(::common::USER_LIST));
  EXPECT_THAT(AccountsOf(reply), ElementsAre("acme", "globex"));
}

TEST_F(CompanySwitchOverTheWire, TheOtherAccountsStateIsTold) {
  const Invitation invitation = Joined(ann_.password);
  Request off;
  off.mutable_usernamepasswordcredentials()->set_username(invitation.principal);
  off.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("globex"), ann_.user, off), Answers(::common::OK));
  const SignedIn session = SignIn(ann_);
  const Reply refused = Switch(session, ann_.username, "globex");
  EXPECT_THAT(refused, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(refused.accountstatus(), ::authentication::DEACTIVATED);
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::OK)) << "nothing changed";
  EXPECT_THAT(Refresh(ann_, session), Answers(::common::OK));
}

// --- A1: the takeover.

TEST_F(CompanySwitchOverTheWire, A1_WhoAdministersTheOneCompanyDoesNotGetIntoTheOther) {
  const Invitation invitation = Joined(ann_.password);
  // Another password for the member of globex ...
  Request other;
  other.mutable_usernamepasswordcredentials()->set_username(invitation.principal);
  other.mutable_usernamepasswordcredentials()->set_password("stolen-6!xPq9");
  ASSERT_THAT(Update(AdminOf("globex"), ann_.user, other), Answers(::common::OK));
  Account attacker = There(invitation, ann_.user);
  attacker.password = "stolen-6!xPq9";
  const Reply by_password = Authenticate(PasswordOf(attacker));
  ASSERT_THAT(by_password, Answers(::common::OK));
  EXPECT_EQ(by_password.userid(), ann_.user);
  EXPECT_THAT(AccountsOf(by_password), ElementsAre("globex"));
  EXPECT_THAT(EligibleOf(by_password.accesstoken()), ElementsAre("globex"));
  EXPECT_THAT(
      Switch(by_password.accesstoken(), by_password.refreshtoken(), invitation.principal, "acme"),
      IsRefusedWith(::common::AUTHENTICATION_ERROR));
  // ... and another method.
  const std::string client = absl::StrCat("client-", NewUuid());
  ASSERT_THAT(Update(AdminOf("globex"), ann_.user, WithCode("", client, "code of the attacker")),
              Answers(::common::OK));
  const Reply by_code = Authenticate(WithCode("globex", client, "code of the attacker"));
  ASSERT_THAT(by_code, Answers(::common::OK));
  EXPECT_THAT(Switch(by_code.accesstoken(), by_code.refreshtoken(), client, "acme"),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// Nor by a password reset, whose token an administrator is told.
TEST_F(CompanySwitchOverTheWire, A1_WhoResetsThePasswordInTheOneCompanyDoesNotGetIntoTheOther) {
  const Invitation invitation = Joined(ann_.password);
  auto asking = As<::authentication::PasswordResetRequest>(AdminOf("globex"));
  asking.set_companyid("globex");
  asking.set_username(invitation.principal);
  const auto told = Ask(&AuthStub::requestPasswordReset, asking);
  ASSERT_THAT(told, Answers(::common::OK));
  ASSERT_NE(told.passwordresettoken(), "");
  ::authentication::AuthenticationUpdateRequest reset;
  auto& given = *reset.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  given.set_companyid("globex");
  given.set_username(invitation.principal);
  given.set_password("stolen-6!xPq9");
  given.set_passwordresettoken(told.passwordresettoken());
  ASSERT_THAT(Ask(&AuthStub::authenticationUpdate, reset), Answers(::common::OK));
  Account attacker = There(invitation, ann_.user);
  attacker.password = "stolen-6!xPq9";
  const Reply signed_in = Authenticate(PasswordOf(attacker));
  ASSERT_THAT(signed_in, Answers(::common::OK));
  EXPECT_THAT(AccountsOf(signed_in), ElementsAre("globex"));
  EXPECT_THAT(
      Switch(signed_in.accesstoken(), signed_in.refreshtoken(), invitation.principal, "acme"),
      IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanySwitchOverTheWire, A1_NobodyNamesAUserOfAnotherCompany) {
  Request method;
  method.mutable_usernamepasswordcredentials()->set_username(absl::StrCat("eve-", NewUuid()));
  method.mutable_usernamepasswordcredentials()->set_password(kPassword);
  EXPECT_THAT(Update(AdminOf("globex"), ann_.user, method), Answers(::common::NOT_FOUND));
  // Nor by an invitation that they accept themselves.
  const Invitation invitation = Invite();
  EXPECT_THAT(Update(AdminOf("globex"), ann_.user, Accepting(invitation)),
              Answers(::common::NOT_FOUND));
  const std::string token = SignInInvited(invitation).accesstoken();
  EXPECT_THAT(Update(token, ann_.user, Accepting(invitation)), Answers(::common::NOT_FOUND));
}

TEST_F(CompanySwitchOverTheWire, A1_ATokenThatSomebodySignedJoinsNothing) {
  ::authentication::SignAccessTokenRequest request;
  request.mutable_accesstoken()->set_userid(ann_.user);
  const auto token = Ask(&AuthStub::signAccessToken, As(AdminOf("acme"), request));
  ASSERT_THAT(token, Answers(::common::OK));
  const Invitation invitation = Invite();
  EXPECT_THAT(Update(token.accesstoken(), ann_.user, Accepting(invitation)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(SignInInvited(invitation), Answers(::common::OK)) << "it is still there";
}

// L8.
TEST_F(CompanySwitchOverTheWire, ANewPasswordThrowsOutWhoWentOnElsewhere) {
  const Invitation invitation = Joined(ann_.password);
  const SignedIn session = SignIn(ann_);
  const Reply there = Switch(session, ann_.username, "globex");
  ASSERT_THAT(there, Answers(::common::OK));
  Request change = PasswordOf(ann_);
  change.mutable_usernamepasswordcredentials()->set_current(ann_.password);
  change.mutable_usernamepasswordcredentials()->set_password(kPassword);
  ASSERT_THAT(Update(SignIn(ann_).access_token, ann_.user, change), Answers(::common::OK));
  EXPECT_THAT(Refresh(There(invitation, ann_.user), there.accesstoken(), there.refreshtoken()),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(there.accesstoken(), ::common::AUTHENTICATION_ERROR); }));
}

// However often it moved; and who signed in there by themselves goes on.
TEST_F(CompanySwitchOverTheWire, WhoIsSwitchedOffWhereTheySignedInIsThrownOutElsewhereAsWell) {
  const Invitation invitation = Joined(ann_.password);
  const Account elsewhere = There(invitation, ann_.user);
  const Reply there = Switch(SignIn(ann_), ann_.username, "globex");
  const Reply back =
      Switch(there.accesstoken(), there.refreshtoken(), invitation.principal, "acme");
  const Reply again = Switch(back.accesstoken(), back.refreshtoken(), ann_.username, "globex");
  ASSERT_THAT(again, Answers(::common::OK));
  const SignedIn by_itself = SignIn(elsewhere);
  SetUserStatus(ann_, ::authentication::DEACTIVATED);
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(again.accesstoken(), ::common::AUTHENTICATION_ERROR); }));
  EXPECT_TRUE(AllAnswer(by_itself.access_token, ::common::OK));
}

TEST_F(CompanySwitchOverTheWire, AnApiKeyIsMadeAndAnsweredOnce) {
  Request method;
  const std::string client = absl::StrCat("client-", NewUuid());
  method.mutable_authorizationcodecredentials()->set_clientid(client);
  const std::map<std::string, std::string> header = {{"idempotency-key", NewUuid()}};
  const auto made = Create(AdminOf("acme"), method, header);
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_TRUE(auth::IsApiKey(made.code()));
  EXPECT_THAT(Authenticate(WithCode("acme", client, made.code())), Answers(::common::OK));
  const auto again = Create(AdminOf("acme"), method, header);
  EXPECT_EQ(again.userid(), made.userid());
  EXPECT_EQ(again.code(), "");
}

// Whoever has a copy of what the session was refreshed with, and whoever went on, find out.
TEST_F(CompanySwitchOverTheWire, ARefreshTokenFromBeforeTheSwitchEndsTheNewSession) {
  const Invitation joined = Joined(ann_.password);
  for (const bool by_switch : {false, true}) {
    const SignedIn before = SignIn(ann_);
    const Reply there = Switch(before, ann_.username, "globex");
    ASSERT_THAT(there, Answers(::common::OK));
    const Account in_globex = There(joined, ann_.user);
    const Reply later = Refresh(in_globex, there.accesstoken(), there.refreshtoken());
    ASSERT_THAT(later, Answers(::common::OK));
    const Reply replayed =
        by_switch ? Switch(before, ann_.username, "globex") : Refresh(ann_, before);
    EXPECT_THAT(replayed, IsRefusedWith(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(Refresh(in_globex, later.accesstoken(), later.refreshtoken()),
                IsRefusedWith(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(IsAuthenticated(later.accesstoken()), Answers(::common::AUTHENTICATION_ERROR));
  }
}

TEST_F(CompanySwitchOverTheWire, ASwitchThatIsRefusedStandsInTheAudit) {
  const std::string nowhere = "none-" + NewUuid().substr(0, 8);
  EXPECT_THAT(Switch(SignIn(ann_), ann_.username, nowhere),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return house_.database("auth").Ask(
               "SELECT count(*) FROM audit WHERE detail = 'refresh by company switch refused' "
               "AND company_id = '" +
               nowhere + "'") == "1";
  }));
}

TEST_F(CompanySwitchOverTheWire, ItIsNoMethodThatCouldBeMadeOrChanged) {
  Request method;
  method.mutable_companyswitchcredentials()->set_companyid("globex");
  EXPECT_THAT(Create(AdminOf("acme"), method), Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Update(AdminOf("acme"), ann_.user, method), Answers(::common::PROTOCOL_ERROR));
}

}  // namespace company_switch_over_the_wire_test
}  // namespace usher
