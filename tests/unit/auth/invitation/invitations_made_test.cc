// What is made of an invitation, and who may make one.
#include "absl/strings/str_cat.h"
#include "services/auth/mail/mail_seal.h"
#include "services/auth/secret/made_code.h"
#include "tests/support/joined_test_base.h"

namespace usher::auth {
namespace invitations_made_test {

class InvitationsMadeTest : public JoinedTestBase {
 protected:
  // What the mail says, as its recipient reads it.
  static std::string LinkIn(const MailDraft& mail) {
    const auto link = MailSeal(TestPepper()).Open(mail.sealed_link, mail.company, mail.id);
    EXPECT_OK(link);
    return link.ok() ? std::string(link->Reveal()) : "";
  }

  const UserId invited_ = Invited("one", {Permission::kUserList});
};

TEST_F(InvitationsMadeTest, WhatIsLeftOutIsMadeAndAnsweredOnce) {
  InvitationCredentials body;
  body.principal = "bob";
  const Caller caller = BetaAdministrator().WithIdempotencyKey("key");
  const auto made = methods_.Create(caller, Wish(body));
  ASSERT_OK(made);
  EXPECT_EQ(made->code.size(), 43u);
  EXPECT_EQ(made->invitation.size(), 22u);
  EXPECT_OK(invitations_.SignIn(
      ACall(), {CompanyId("beta"), made->invitation, Secret(made->code.Reveal())}));
  const auto again = methods_.Create(caller, Wish(body));
  ASSERT_OK(again);
  EXPECT_EQ(again->user, made->user);
  EXPECT_TRUE(again->code.empty());
  EXPECT_EQ(again->invitation, "");
}

TEST_F(InvitationsMadeTest, ItTakesUserInviteAndGivesNothingThatItsMakerLacks) {
  const ACaller inviter = ACaller().In("beta").With(Permission::kUserInvite);
  EXPECT_OK(methods_.Create(inviter, Wish(Invitation("two", "bob"))));
  EXPECT_THAT(methods_.Create(ACaller().In("beta"), Wish(Invitation("three", "cid"))),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  MethodWish more = Wish(Invitation("three", "cid"));
  more.permissions.give = {Permission::kUserList};
  EXPECT_THAT(methods_.Create(inviter, more), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Create(ACaller(inviter).AsGuest(), Wish(Invitation("three", "cid"))),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(InvitationsMadeTest, AMailIsQueuedWhereThePageIsNamedThatItLeadsTo) {
  EXPECT_THAT(store_.QueuedMails(), ::testing::IsEmpty());
  InvitationCredentials body = Invitation("two", "bob@example.org");
  body.finish_url = "https://app.example.org/finish";
  const UserId bob = Made(Wish(body), BetaAdministrator());
  ASSERT_EQ(store_.QueuedMails().size(), 1u);
  const MailDraft mail = store_.QueuedMails()[0];
  EXPECT_EQ(mail.kind, MailKind::kInvitation);
  EXPECT_EQ(mail.company, CompanyId("beta"));
  EXPECT_EQ(mail.user, bob);
  EXPECT_EQ(mail.recipient, "bob@example.org");
  EXPECT_GT(mail.good_for, absl::Hours(24 * 29));
  EXPECT_EQ(LinkIn(mail),
            "https://app.example.org/finish#companyId=beta&activationToken=two&code=" +
                std::string("invitation%20code"));
}

TEST_F(InvitationsMadeTest, NoInvitationIsMadeForAPageOfSomebodyElse) {
  InvitationCredentials body = Invitation("two", "bob");
  body.finish_url = "https://example.org/";
  EXPECT_THAT(methods_.Create(BetaAdministrator(), Wish(body)),
              HasReplyCode(::common::HOSTNAME_INVALID));
  EXPECT_FALSE(Find(KeyType::kActivationToken, "two", "beta").has_value());
  EXPECT_THAT(store_.QueuedMails(), ::testing::IsEmpty());
}

TEST_F(InvitationsMadeTest, SentAgainItHasANewCode) {
  const Method before = Find(KeyType::kActivationToken, "one", "beta")->method;
  ASSERT_OK(Update(BetaAdministrator(), invited_,
                   Wish(InvitationCredentials{.token = "one", .resend = true})));
  ASSERT_EQ(store_.QueuedMails().size(), 1u);
  EXPECT_THAT(LinkIn(store_.QueuedMails()[0]),
              ::testing::StartsWith("https://app.example.org/#companyId=beta&activationToken=one"));
  EXPECT_NE(Find(KeyType::kActivationToken, "one", "beta")->method.sealed_secret,
            before.sealed_secret);
  EXPECT_THAT(invitations_.SignIn(ACall(), InvitationGrantOf("one")),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Update(BetaAdministrator(), UserId(NewUuid()),
                     Wish(InvitationCredentials{.token = "one", .resend = true})),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(InvitationsMadeTest, AnApiKeyIsMadeWhereTheCodeIsLeftOut) {
  const auto made = methods_.Create(Administrator(), Code("client", ""));
  ASSERT_OK(made);
  EXPECT_TRUE(IsApiKey(made->code.Reveal()));
  EXPECT_OK(sign_in_.WithCode(ACall(), CodeOf("client", std::string(made->code.Reveal()))));
  const auto given = methods_.Create(Administrator(), Code("other", kApiCode));
  ASSERT_OK(given);
  EXPECT_TRUE(given->code.empty());
}

TEST_F(InvitationsMadeTest, OnlyWaysToSignInCanBeInvitedTo) {
  EXPECT_THAT(
      methods_.Create(BetaAdministrator(), Wish(Invitation("a", "ann", KeyType::kGuestAccess))),
      HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(methods_.Create(BetaAdministrator(), Wish(Invitation("b", "ann", KeyType::kOauth2))),
              HasReplyCode(::common::NOT_IMPLEMENTED));
}

}  // namespace invitations_made_test
}  // namespace usher::auth
