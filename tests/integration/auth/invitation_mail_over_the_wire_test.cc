// Invitations that go out by mail, with a real mail server: the link has to work.
#include "tests/integration/auth/mail_over_the_wire.h"

namespace usher {
namespace invitation_mail_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kPage[] = "https://meet.example.org/account/join";

class InvitationMailOverTheWire : public MailOverTheWire {
 protected:
  // By the auth server that sends mail.
  ::authentication::AuthenticationCreateReply Invite(const std::string& principal,
                                                     const std::string& page = kPage) {
    ::authentication::AuthenticationCreateRequest request;
    auto& given = *request.mutable_authenticationrequest()->mutable_activationtokencredentials();
    given.set_keytype("password");
    given.set_principal(principal);
    given.set_finishsignupurl(page);
    return AskMailing(&AuthStub::authenticationCreate, As(AdminOf("acme"), request));
  }
  ::common::ReplyInfo Resend(const std::string& user, const std::string& token) {
    ::authentication::AuthenticationUpdateRequest request;
    request.set_userid(user);
    auto& given = *request.mutable_authenticationrequest()->mutable_activationtokencredentials();
    given.set_activationtoken(token);
    given.set_finishsignupurl(kPage);
    given.set_resendinvitation(true);
    return AskMailing(&AuthStub::authenticationUpdate, As(AdminOf("acme"), request));
  }
  // What whoever clicks the link does, with nothing but what stands in it.
  static void Show(const TakenMail& mail, Request* request) {
    auto& given = *request->mutable_activationtokencredentials();
    given.set_companyid(ValueIn(mail, "companyId"));
    given.set_activationtoken(ValueIn(mail, "activationToken"));
    given.set_code(ValueIn(mail, "code"));
  }
  Reply FollowLink(const TakenMail& mail) {
    Request request;
    Show(mail, &request);
    return Authenticate(request);
  }
  ::common::ReplyInfo Accept(const TakenMail& mail, const Reply& shown,
                             const std::string& principal) {
    Request request;
    Show(mail, &request);
    auto& method = *request.mutable_usernamepasswordcredentials();
    method.set_username(principal);
    method.set_password(kNewPassword);
    return Update(shown.accesstoken(), shown.userid(), request);
  }
  static std::string NewAddress() { return absl::StrCat("guest-", NewUuid(), "@example.com"); }
};

TEST_F(InvitationMailOverTheWire, WhoFollowsTheLinkInTheMailSetsAPasswordAndSignsIn) {
  const MailServer server(Strict());
  Start(server);
  const std::string address = NewAddress();
  const auto made = Invite(address);
  ASSERT_THAT(made, Answers(::common::OK));

  const TakenMail mail = server.Await(address);
  EXPECT_THAT(mail.to, ElementsAre(address));
  EXPECT_TRUE(mail.tls);
  EXPECT_THAT(mail.Text(), HasSubstr(absl::StrCat("\n", kPage, "#companyId=acme&")));
  EXPECT_EQ(ValueIn(mail, "activationToken"), made.activationtoken());

  const Reply shown = FollowLink(mail);
  ASSERT_THAT(shown, Answers(::common::OK));
  EXPECT_EQ(shown.userid(), made.userid());
  EXPECT_THAT(Accept(mail, shown, address), Answers(::common::OK));
  const Account account = {"acme", made.userid(), address, kNewPassword};
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
  EXPECT_THAT(FollowLink(mail), IsRefusedWith(::common::AUTHENTICATION_ERROR)) << "it is used up";
  EXPECT_THAT(auth_->Log(), ::testing::Not(HasSubstr(ValueIn(mail, "code"))));
}

TEST_F(InvitationMailOverTheWire, AnInvitationThatIsSentAgainHasALinkOfItsOwnThatWorks) {
  const MailServer server(Strict());
  Start(server);
  const std::string address = NewAddress();
  const auto made = Invite(address);
  const TakenMail first = server.Await(address);
  ASSERT_THAT(Resend(made.userid(), made.activationtoken()), Answers(::common::OK));
  ASSERT_TRUE(Comes([&] { return server.Taken().size() == 2; }));
  const TakenMail second =
      server.Taken()[ValueIn(server.Taken()[0], "code") == ValueIn(first, "code") ? 1 : 0];
  EXPECT_THAT(second.to, ElementsAre(address));
  EXPECT_NE(ValueIn(second, "code"), ValueIn(first, "code"));
  EXPECT_THAT(FollowLink(first), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  const Reply shown = FollowLink(second);
  ASSERT_THAT(shown, Answers(::common::OK));
  EXPECT_THAT(Accept(second, shown, address), Answers(::common::OK));
}

TEST_F(InvitationMailOverTheWire, APrincipalThatIsNoAddressIsWrittenToByTheProfile) {
  const MailServer server(Strict());
  Start(server);
  const auto made = Invite(absl::StrCat("user-", NewUuid()));
  ASSERT_THAT(made, Answers(::common::OK));
  // The first mail finds no address and is deleted, or comes in time to find it: only the code of
  // the second one is good then.
  ::user::UserUpdateRequest profile;
  profile.set_userid(made.userid());
  const std::string address = NewAddress();
  profile.mutable_user()->set_email(address);
  ASSERT_THAT(Ask(&UserStub::userUpdate, As(AdminOf("acme"), profile)), Answers(::common::OK));
  ASSERT_THAT(Resend(made.userid(), made.activationtoken()), Answers(::common::OK));
  EXPECT_TRUE(Comes([&] {
    for (const TakenMail& mail : server.Taken()) {
      EXPECT_THAT(mail.to, ElementsAre(address));
      if (FollowLink(mail).replyinfo().statuscode() == ::common::OK) return true;
    }
    return false;
  }));
}

TEST_F(InvitationMailOverTheWire, APageBelowNoBaseMakesNoInvitation) {
  const MailServer server(Strict());
  Start(server);
  const std::string address = NewAddress();
  EXPECT_THAT(Invite(address, "https://evil.example/join"), Answers(::common::HOSTNAME_INVALID));
  EXPECT_THAT(Invite(address), Answers(::common::OK)) << "the name is free";
}

}  // namespace invitation_mail_over_the_wire_test
}  // namespace usher
