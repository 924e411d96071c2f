#include "services/auth/invitation/invitations.h"

#include "absl/strings/str_cat.h"
#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/mail/mail_seal.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/tokens.h"
#include "tests/support/joined_test_base.h"

namespace usher::auth {
namespace invitations_test {

using ::testing::ElementsAre;

class InvitationsTest : public JoinedTestBase {
 protected:
  // The token that the invitation gives.
  Caller CallerWith(const std::string& token) {
    const auto signed_token = invitations_.SignIn(ACall(), InvitationGrantOf(token));
    EXPECT_OK(signed_token);
    return Caller(std::make_shared<const CallContext>(ACall("beta")),
                  std::make_shared<const token::AccessToken>(signed_token->token), false);
  }
  static AcceptWish WithCredentials(const UserId& user, const MethodWish& method) {
    return {user, InvitationGrantOf("one"), *method.credentials};
  }

  const PermissionSet given_ = {Permission::kUserList};
  const UserId invited_ = Invited("one", given_);
  GuessThrottle strict_{throttle_store_, refusals_, TestPepper(), GuessLimits()};
  Invitations guarded_{invitation_store_, store_,   sessions_, vault_,
                       strict_,           proving_, signer_,   Lifetimes().activation};
};

TEST_F(InvitationsTest, AreMadeByWhoeverMakesUsersOrInvitesThem) {
  for (const Permission permission : {Permission::kUserCreate, Permission::kUserInvite}) {
    const std::string name = absl::StrCat("by ", static_cast<int>(permission));
    EXPECT_OK(methods_.Create(ACaller().In("beta").With(permission), Wish(Invitation(name, name))));
  }
  EXPECT_THAT(methods_.Create(ACaller().In("beta").With(Permission::kUserAdmin),
                              Wish(Invitation("two", "bob"))),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(InvitationsTest, AloneItGivesAMinuteWithoutPermissions) {
  const auto signed_token = invitations_.SignIn(ACall(), InvitationGrantOf("one"));
  ASSERT_OK(signed_token);
  const token::AccessToken& token = signed_token->token;
  EXPECT_EQ(token.type, token::TokenType::kActivation);
  EXPECT_EQ(token.user, invited_);
  EXPECT_EQ(token.company, CompanyId("beta"));
  EXPECT_EQ(token.permissions, PermissionSet());
  EXPECT_TRUE(token.extension_disallowed);
  EXPECT_EQ(token.expires_at, clock_.Now() + absl::Seconds(60));
  EXPECT_OK(verifier_.Verify(signed_token->bytes));
  EXPECT_EQ(sessions_.size(), 0u);
}

TEST_F(InvitationsTest, ATokenDoesNotOutliveTheInvitation) {
  InvitationCredentials short_lived = Invitation("two", "bob");
  short_lived.expiry = auth_clock_.Now() + absl::Seconds(10);
  Made(Wish(std::move(short_lived)), BetaAdministrator());
  const auto token = invitations_.SignIn(ACall(), InvitationGrantOf("two"));
  ASSERT_OK(token);
  EXPECT_LE(token->token.expires_at, clock_.Now() + absl::Seconds(10));
}

TEST_F(InvitationsTest, WhateverDoesNotFitIsTheSameRefusal) {
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), InvitationGrantOf("one", "wrong"))),
            CredentialsRefused());
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), InvitationGrantOf("two"))), CredentialsRefused());
  InvitationGrant elsewhere = InvitationGrantOf("one");
  elsewhere.company = CompanyId("acme");
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), elsewhere)), CredentialsRefused());
  elsewhere.company = CompanyId();
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), elsewhere)), CredentialsRefused());
}

TEST_F(InvitationsTest, TheInvitedMakeTheirMethodAndItIsUsedUp) {
  const Caller caller = CallerWith("one");
  ASSERT_OK(invitations_.Accept(caller, Accepting(invited_, "one")));
  const SignedIn signed_in = SignedInToBeta();
  EXPECT_EQ(signed_in.user, invited_);
  EXPECT_EQ(signed_in.permissions, given_);
  EXPECT_EQ(StatusOf(invitations_.Accept(caller, Accepting(invited_, "one"))),
            CredentialsRefused());
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), InvitationGrantOf("one"))), CredentialsRefused());
}

// L9.
TEST_F(InvitationsTest, ItMakesNoOtherMethodThanItSays) {
  const Caller caller = CallerWith("one");
  const auto refused = HasReplyCode(::common::ACTION_INVALID);
  EXPECT_THAT(invitations_.Accept(caller, Accepting(invited_, "one", "", "bob")), refused);
  EXPECT_THAT(invitations_.Accept(caller, WithCredentials(invited_, Code("ann in beta", "code"))),
              refused);
  EXPECT_THAT(
      invitations_.Accept(
          caller, WithCredentials(invited_, InAcme(Password("ann in beta", kGoodPassword)))),
      refused);
  EXPECT_THAT(
      invitations_.Accept(caller, WithCredentials(invited_, Password("ann in beta", "short"))),
      HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(invitations_.Accept(caller, WithCredentials(invited_, Password("ann in beta", ""))),
              HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann in beta", "beta").has_value());
  EXPECT_OK(invitations_.Accept(caller, Accepting(invited_, "one", "", "ANN in beta")));
  EXPECT_EQ(Find(KeyType::kPassword, "ann in beta", "beta")->method.principal, "ann in beta");
}

TEST_F(InvitationsTest, OnlyWhoIsInvitedAcceptsInTheCompany) {
  const UserId other = Made(Password("other", kGoodPassword), BetaAdministrator());
  EXPECT_THAT(invitations_.Accept(BetaAdministrator().As(other), Accepting(other, "one")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(invitations_.Accept(BetaAdministrator(), Accepting(invited_, "one")),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(
      invitations_.Accept(BetaAdministrator().As(invited_).AsGuest(), Accepting(invited_, "one")),
      HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(InvitationsTest, AnExpiredOrSwitchedOffOneOpensNothing) {
  const Caller caller = CallerWith("one");
  MethodWish off = Wish(InvitationCredentials{.token = "one"});
  off.status = AccountStatus::kDeactivated;
  ASSERT_OK(Update(BetaAdministrator(), invited_, off));
  EXPECT_EQ(StatusOf(invitations_.Accept(caller, Accepting(invited_, "one"))),
            AccountInactive(AccountStatus::kDeactivated));
  off.status = AccountStatus::kActivated;
  ASSERT_OK(Update(BetaAdministrator(), invited_, off));
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(StatusOf(invitations_.Accept(caller, Accepting(invited_, "one"))),
            AccountInactive(AccountStatus::kDeactivated));
}

TEST_F(InvitationsTest, ItIsRemovedLikeAnyMethod) {
  MethodWish removal = Wish(InvitationCredentials{.token = "one"});
  removal.status = AccountStatus::kDeleted;
  ASSERT_OK(Update(BetaAdministrator(), invited_, removal));
  EXPECT_EQ(StatusOf(invitations_.SignIn(ACall(), InvitationGrantOf("one"))), CredentialsRefused());
}

TEST_F(InvitationsTest, ATakenNameLeavesTheInvitationAsItWas) {
  Made(Password("ann in beta", kGoodPassword), BetaAdministrator());
  const Caller caller = CallerWith("one");
  EXPECT_THAT(invitations_.Accept(caller, Accepting(invited_, "one")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_OK(invitations_.SignIn(ACall(), InvitationGrantOf("one")));
}

// --- Joining a second company.

TEST_F(InvitationsTest, WhoIsSignedInElsewhereIsTheSameUserThere) {
  const UserId ann = MadeUser("ann");
  ASSERT_OK(Join(SignedInAs("ann"), "one"));
  const SignedIn there = SignedInToBeta();
  EXPECT_EQ(there.user, ann);
  EXPECT_EQ(there.permissions, given_);
  EXPECT_THAT(AccountsOf(there), ElementsAre("acme", "beta"));
  EXPECT_THAT(AccountsOf(SignedInAs("ann")), ElementsAre("acme", "beta"));
}

TEST_F(InvitationsTest, AJoinedUserJoinsOnceMoreByAnotherMethod) {
  MadeUser("ann");
  ASSERT_OK(Join(SignedInAs("ann"), "one"));
  Made(Wish(Invitation("two", "client", KeyType::kAuthorizationCode)), BetaAdministrator());
  const SignedIn session = SignedInAs("ann");
  EXPECT_OK(invitations_.Accept(CallerOf(session), {session.user, InvitationGrantOf("two"),
                                                    *Code("client", kApiCode).credentials}));
}

// A stolen token is good for an hour: it must not become a way into the account for ever.
// As at any other sign-in, whether there is such an invitation or not.
TEST_F(InvitationsTest, L1TheCodeOfAnInvitationIsNotGuessed) {
  for (const std::string& token : {"one", "none"}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(StatusOf(guarded_.SignIn(ACall(), InvitationGrantOf(token, "guess"))),
                CredentialsRefused());
    }
    EXPECT_THAT(StatusOf(guarded_.SignIn(ACall(), InvitationGrantOf(token))),
                HasReplyCode(::common::QUOTA_EXCEEDED));
  }
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(guarded_.SignIn(ACall(), InvitationGrantOf("one")));
  EXPECT_THAT(refusals_.noted, ::testing::Not(::testing::IsEmpty()));
}

// An invitation beside a stolen token was good for any number of guesses at the secret.
TEST_F(InvitationsTest, ThePresentSecretIsNotGuessedBesideAnInvitation) {
  MadeUser("ann");
  const SignedIn session = Got(TrySignIn("acme", "ann", kGoodPassword));
  const auto join = [&](const std::string& current) {
    return guarded_.Accept(CallerOf(session), Accepting(session.user, "one", current));
  };
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(join(absl::StrCat("guess ", i)), CurrentSecretWrong());
  }
  EXPECT_THAT(join(kGoodPassword), HasReplyCode(::common::QUOTA_EXCEEDED));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(join(kGoodPassword));
}

TEST_F(InvitationsTest, A1_WithoutTheSecretShownThereIsNoWayBack) {
  MadeUser("ann");
  ASSERT_OK(Join(SignedInAs("ann"), "one", /*current=*/""));
  EXPECT_EQ(StatusOf(ToAcme(SignedInToBeta())), SwitchRefused());
  EXPECT_THAT(AccountsOf(SignedInToBeta()), ElementsAre("beta"));
  EXPECT_OK(ToBeta(SignedInAs("ann")));
}

TEST_F(InvitationsTest, AWrongSecretJoinsNothing) {
  MadeUser("ann");
  EXPECT_EQ(StatusOf(Join(SignedInAs("ann"), "one", "wrong")), CurrentSecretWrong());
  EXPECT_OK(invitations_.SignIn(ACall(), InvitationGrantOf("one")));
}

TEST_F(InvitationsTest, A1_ATokenThatSomebodySignedForTheUserJoinsNothing) {
  const UserId ann = MadeUser("ann");
  MadeUser("boss", kCompanyAdministrator);
  Tokens tokens(sessions_, signer_, auth_clock_, Lifetimes());
  const auto signed_for_ann =
      tokens.SignAccessToken(CallerOf(SignedInAs("boss")), TokenWish{.user = ann});
  ASSERT_OK(signed_for_ann);
  const Caller caller(std::make_shared<const CallContext>(ACall()),
                      std::make_shared<const token::AccessToken>(signed_for_ann->token), false);
  EXPECT_EQ(StatusOf(invitations_.Accept(caller, Accepting(ann, "one"))), JoiningRefused());
  EXPECT_EQ(StatusOf(invitations_.Accept(ACaller().As(ann), Accepting(ann, "one"))),
            JoiningRefused())
      << "of no session";
  EXPECT_OK(invitations_.SignIn(ACall(), InvitationGrantOf("one")));
}

TEST_F(InvitationsTest, AnInvitationDoesNotJoinByAnotherInvitation) {
  const UserId other = Made(Wish(Invitation("mine", "ann")), Administrator());
  const auto token =
      invitations_.SignIn(ACall(), {CompanyId("acme"), "mine", Secret(kInvitationCode)});
  ASSERT_OK(token);
  const Caller caller(std::make_shared<const CallContext>(ACall()),
                      std::make_shared<const token::AccessToken>(token->token), false);
  EXPECT_EQ(StatusOf(invitations_.Accept(caller, Accepting(other, "one"))), JoiningRefused());
}

// To an account of the directory: whoever accepts shows its password.
TEST_F(InvitationsTest, AnAccountOfADirectoryIsItsOwnersAlone) {
  directories_.In("beta").Add({.name = "ann"}, kGoodPassword);
  const UserId invited =
      Made(Wish(Invitation("to a directory", "ann", KeyType::kLdap)), BetaAdministrator());
  const auto token = invitations_.SignIn(ACall(), InvitationGrantOf("to a directory"));
  ASSERT_OK(token);
  const Caller caller(std::make_shared<const CallContext>(ACall("beta")),
                      std::make_shared<const token::AccessToken>(token->token), false);
  const auto accept = [&](const std::string& name, const std::string& password) {
    const MethodWish account = Wish(DirectoryCredentials{
        .username = name, .password = Secret(password), .bind_dn = "", .search_dn = ""});
    return invitations_.Accept(
        caller, {invited, InvitationGrantOf("to a directory"), *account.credentials});
  };
  EXPECT_THAT(accept("ann", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_EQ(accept("ann", " "), CredentialsRefused());
  EXPECT_EQ(accept("ann", kOtherPassword), CredentialsRefused());
  EXPECT_THAT(accept("bob", kGoodPassword), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_OK(accept("ann", kGoodPassword));
  const auto made = Find(KeyType::kLdap, "ann", "beta");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->method.user, invited);
  EXPECT_NE(made->method.sealed_secret, "");
}

}  // namespace invitations_test
}  // namespace usher::auth
