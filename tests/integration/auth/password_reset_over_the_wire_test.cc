// Forgotten passwords, with a real mail server (docs/auth.md, "Password reset").
#include "absl/strings/match.h"
#include "tests/integration/auth/mail_over_the_wire.h"

namespace usher {
namespace password_reset_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PasswordResetOverTheWire : public MailOverTheWire {};

TEST_F(PasswordResetOverTheWire, AResetIsMailedOverStartTlsToOneRecipientAndTheTokenWorksOnce) {
  ::companyService::CompanyUpdateRequest branding;
  branding.set_companyid("globex");
  branding.mutable_company()->mutable_branding()->set_enabled(true);
  branding.mutable_company()->mutable_branding()->set_title("Globex Überall");
  ASSERT_THAT(Ask(&CompanyStub::companyUpdate, As(AdminOf("globex"), branding)),
              Answers(::common::OK));
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna", "de-DE", "globex");
  const SignedIn session = SignIn(anna.account);

  const auto reply = RequestReset(anna);
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.userid(), "");
  EXPECT_EQ(reply.passwordresettoken(), "");

  const TakenMail mail = server.Await(anna.email);
  EXPECT_EQ(mail.from, "usher@example.org");
  EXPECT_THAT(mail.to, ElementsAre(anna.email));
  EXPECT_TRUE(mail.tls);
  EXPECT_EQ(mail.user, kMailUser);
  const auto header = mail.Header();
  EXPECT_EQ(header.size(), 9U);
  EXPECT_EQ(header.at("To"), anna.email);
  EXPECT_EQ(header.at("Content-Language"), "de");
  // "Globex Überall" and "Neues Passwort für Globex Überall".
  EXPECT_EQ(header.at("From"), "=?UTF-8?B?R2xvYmV4IMOcYmVyYWxs?= <usher@example.org>");
  EXPECT_EQ(header.at("Subject"), "=?UTF-8?B?TmV1ZXMgUGFzc3dvcnQgZsO8ciBHbG9iZXggw5xiZXJhbGw=?=");
  const std::string text = mail.Text();
  EXPECT_THAT(text, HasSubstr("Guten Tag Anna,\n\njemand, vermutlich Sie selbst"));
  EXPECT_THAT(text, HasSubstr("\nhttps://meet.example.org/account#companyId=globex&username="));

  EXPECT_THAT(UseReset(anna.account, TokenIn(mail)), Answers(::common::OK));
  Account changed = anna.account;
  changed.password = kNewPassword;
  EXPECT_THAT(Authenticate(PasswordOf(changed)), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(anna.account)), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(anna.account, session), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return Ask(&AuthStub::isAuthenticated, Access(session.access_token)).statuscode() ==
           ::common::AUTHENTICATION_ERROR;
  }));
  EXPECT_THAT(UseReset(anna.account, TokenIn(mail)), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(LineOf(anna.account.user), "");
  EXPECT_THAT(auth_->Log(), Not(HasSubstr(TokenIn(mail))));
  EXPECT_THAT(auth_->Log(), Not(HasSubstr(kMailPassword)));
}

// Each by its kind, and under the user's ID.
TEST_F(PasswordResetOverTheWire, TheAuditHasTheResetItsMailAndItsUse) {
  const auto ask = [this](const std::string& where) {
    return house_.database("auth").Ask(
        "SELECT count(*) || ' ' || coalesce(string_agg(detail, '; ' ORDER BY sequence), '') "
        "FROM audit WHERE company_id = 'acme' AND " +
        where);
  };
  const std::string sent = "audit_kind(object, detail) = 7 AND detail = 'sent'";
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna");
  const std::string before = ask(sent);
  RequestReset(anna);
  const TakenMail mail = server.Await(anna.email);
  EXPECT_TRUE(Comes([&] { return ask(sent) != before; }));
  ASSERT_THAT(UseReset(anna.account, TokenIn(mail)), Answers(::common::OK));
  EXPECT_EQ(ask("audit_kind(object, detail) = 6 AND object LIKE '% " + anna.account.user + "'"),
            "2 requested; password reset used; password method: secret");
}

TEST_F(PasswordResetOverTheWire, L12OfNobodyAndOfSomebodyTheAnswersAreTheSameBytes) {
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna");
  auto known = RequestReset(anna);
  auto unknown = RequestReset("acme", absl::StrCat("nobody-", NewUuid()));
  auto nowhere = RequestReset("no-such-company", anna.account.username);
  auto no_name = RequestReset("!", anna.account.username);
  for (auto* reply : {&known, &unknown, &nowhere, &no_name}) {
    EXPECT_THAT(*reply, Answers(::common::OK));
    reply->mutable_replyinfo()->clear_requestid();
    EXPECT_EQ(reply->SerializeAsString(), known.SerializeAsString());
  }
  server.Await(anna.email);
  EXPECT_EQ(TimesNamed(server, anna), 1);
}

TEST_F(PasswordResetOverTheWire, AnAdministratorIsToldTheTokenAndNobodyIsMailed) {
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna");
  const auto told =
      RequestReset("acme", anna.account.username, TokenWith({Permission::kUserAdmin}));
  EXPECT_EQ(told.userid(), anna.account.user);
  EXPECT_THAT(UseReset(anna.account, told.passwordresettoken()), Answers(::common::OK));
  EXPECT_EQ(RequestReset("acme", anna.account.username, AdminOf("operator")).userid(),
            anna.account.user);
  for (const std::string& token : {TokenWith({Permission::kUserShow}), AdminOf("globex"),
                                   GuestToken({Permission::kUserAdmin}), std::string("no token")}) {
    const auto reply = RequestReset("acme", anna.account.username, token);
    EXPECT_THAT(reply, Answers(::common::OK));
    EXPECT_EQ(reply.userid(), "");
    EXPECT_EQ(reply.passwordresettoken(), "");
  }
}

TEST_F(PasswordResetOverTheWire, L12ALinkLeadsBelowABaseOrNowhere) {
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna", "en");
  EXPECT_THAT(RequestReset("acme", anna.account.username, "", "https://evil.example/account"),
              Answers(::common::HOSTNAME_INVALID));
  EXPECT_THAT(
      RequestReset("acme", anna.account.username, "", "https://meet.example.org/account/reset"),
      Answers(::common::OK));
  EXPECT_THAT(server.Await(anna.email).Text(),
              HasSubstr("\nhttps://meet.example.org/account/reset#companyId=acme&username="));
}

TEST_F(PasswordResetOverTheWire, WithoutATokenOfEitherKindAnUpdateAsksForOne) {
  ::authentication::AuthenticationUpdateRequest request;
  EXPECT_THAT(Ask(&AuthStub::authenticationUpdate, request),
              Answers(::common::ACCESS_INFO_MISSING));
  const Account anna = NewAccount();
  EXPECT_THAT(UseReset(anna, "guess"), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(PasswordResetOverTheWire, AGreylistedMailComesWithTheSecondTryAndOnce) {
  const MailServer server(Strict());
  Start(server);
  const Person later = NewPerson("later");
  RequestReset(later);
  const TakenMail mail = server.Await(later.email);
  EXPECT_EQ(TimesNamed(server, later), 2);
  EXPECT_THAT(UseReset(later.account, TokenIn(mail)), Answers(::common::OK));
}

TEST_F(PasswordResetOverTheWire, ARefusedMailIsShownToTheOperatorWhoCanHaveItSentAgain) {
  const MailServer server(Strict());
  Start(server);
  const Person refused = NewPerson("refused");
  RequestReset(refused);
  ASSERT_TRUE(Comes([&] { return absl::StrContains(LineOf(refused.account.user), "given up"); }));
  const std::string line = LineOf(refused.account.user);
  EXPECT_THAT(line, HasSubstr("550 5.1.1 there is no such mailbox"));
  EXPECT_THAT(line, HasSubstr("\"kind\":\"password reset\""));
  EXPECT_EQ(TimesNamed(server, refused), 1);
  const std::string before = "\"mailId\":\"";
  const std::string id = line.substr(line.find(before) + before.size(), 36);
  Operator("--send_again=" + id);
  EXPECT_TRUE(Comes([&] { return TimesNamed(server, refused) == 2; }));
}

// P3: with SMTP hung.
TEST_F(PasswordResetOverTheWire, R9AServerThatHangsLosesNothingAndSlowsNoCall) {
  const Person anna = NewPerson("anna");
  {
    const MailServer deaf({"--deaf"});
    Start(deaf, "smtp", {"--mail_timeout=2s"});
    RequestReset(anna);
    ASSERT_TRUE(Comes([&] { return absl::StrContains(LineOf(anna.account.user), "waits"); }));
    const absl::Time begin = absl::Now();
    for (int i = 0; i < 20; ++i) RequestReset("acme", absl::StrCat("nobody ", i));
    EXPECT_LT(absl::Now() - begin, absl::Seconds(15));  // waiting for it would take 40
    ASSERT_TRUE(Comes([&] { return absl::StrContains(LineOf(anna.account.user), "Timeout"); }))
        << LineOf(anna.account.user);
    Stop();
  }
  const MailServer server(Strict());
  Start(server);
  EXPECT_THAT(UseReset(anna.account, TokenIn(server.Await(anna.email))), Answers(::common::OK));
}

TEST_F(PasswordResetOverTheWire, WithoutTlsNothingIsSaidAndTheMailWaits) {
  const Person anna = NewPerson("anna");
  const MailServer open({});  // offers no STARTTLS
  Start(open);
  RequestReset(anna);
  ASSERT_TRUE(Comes([&] { return HasFailed(anna); }));
  EXPECT_THAT(open.Named(), IsEmpty());
  Stop();
  std::vector<std::string> words = Strict();
  words.push_back("--tls_from_the_start");
  const MailServer server(words);
  Start(server, "smtps");
  EXPECT_TRUE(server.Await(anna.email).tls);
}

TEST_F(PasswordResetOverTheWire, AMailServerWithAnotherCertificateIsTrustedWithNothing) {
  const Person anna = NewPerson("anna");
  const MailServer server(Strict());
  Start(server, "smtp", {"--mail_ca=" + house_.CertificateFolder() + "ca.pem"});
  RequestReset(anna);
  ASSERT_TRUE(Comes([&] { return HasFailed(anna); }));
  EXPECT_THAT(server.Named(), IsEmpty());
}

}  // namespace password_reset_over_the_wire_test
}  // namespace usher
