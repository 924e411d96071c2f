// Forgotten passwords, with a real mail server (docs/auth.md, "Password reset").
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/mail_server.h"
#include "tests/support/own_server.h"

namespace usher {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kMailUser[] = "usher";
constexpr char kMailPassword[] = "mail server password";
constexpr char kNewPassword[] = "vT9#kq-8wz-new";

class PasswordResetOverTheWire : public AuthOverTheWire {
 protected:
  using ResetRequest = ::authentication::PasswordResetRequest;

  // With TLS and authentication.
  std::vector<std::string> Strict() {
    return {"--certificate=" + house_.CertificateFolder() + "public.pem",
            "--key=" + house_.CertificateFolder() + "public.key",
            absl::StrCat("--user=", kMailUser), absl::StrCat("--password=", kMailPassword)};
  }
  // An auth of its own that sends its mail there.
  void Start(const MailServer& mail, const std::string& scheme = "smtp",
             std::vector<std::string> more = {}) {
    const std::string password = NewFile(kMailPassword);
    OwnServer::Start start;
    start.service = "auth";
    start.flags = {absl::StrCat("--mail_server=", scheme, "://localhost:", mail.Port()),
                   "--mail_ca=" + house_.CertificateFolder() + "public_ca.pem",
                   absl::StrCat("--mail_user=", kMailUser),
                   "--mail_password_file=" + password,
                   "--mail_from=usher@example.org",
                   "--link_bases=https://meet.example.org/account",
                   "--mail_first_pause=100ms"};
    for (std::string& flag : more) start.flags.push_back(std::move(flag));
    auth_ = std::make_unique<OwnServer>(start);
    stub_ = ::authentication::AuthenticationService::NewStub(auth_->NewChannel());
  }
  // As an operator would: what it was sending is put back.
  void Stop() {
    auth_->process().Signal(SIGTERM);
    EXPECT_EQ(auth_->process().Wait(absl::Seconds(60)), 0);
    auth_.reset();
  }
  std::string NewFile(const std::string& content) {
    std::string path = absl::StrCat(house_.KeyFolder(), "/../", NewUuid());
    std::ofstream(path) << content << "\n";
    chmod(path.c_str(), 0600);
    return path;
  }

  // Somebody with a profile and a password.
  struct Person {
    Account account;
    std::string email;
  };
  Person NewPerson(const std::string& kind, const std::string& language = "",
                   const std::string& company = "acme") {
    Person person;
    person.account.company = company;
    person.account.username = absl::StrCat("user-", NewUuid());
    person.account.password = absl::StrCat("password of ", person.account.username);
    person.email = absl::StrCat(kind, "-", NewUuid(), "@example.com");
    ::user::UserCreateRequest request;
    request.mutable_user()->set_email(person.email);
    request.mutable_user()->mutable_userprofile()->set_firstname("Anna");
    if (!language.empty()) request.mutable_user()->mutable_locale()->set_uilanguage(language);
    auto& credentials =
        *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
    credentials.set_username(person.account.username);
    credentials.set_password(person.account.password);
    const auto reply = Ask(&UserStub::userCreate, As(AdminOf(company), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    person.account.user = reply.userid();
    return person;
  }

  ::authentication::PasswordResetReply RequestReset(const std::string& company,
                                                    const std::string& username,
                                                    const std::string& token = "",
                                                    const std::string& page = "") {
    ResetRequest request;
    request.set_companyid(company);
    request.set_username(username);
    request.set_reseturl(page);
    if (!token.empty()) request = As(token, request);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    ::authentication::PasswordResetReply reply;
    const grpc::Status status = stub_->requestPasswordReset(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  ::authentication::PasswordResetReply RequestReset(const Person& person) {
    return RequestReset(person.account.company, person.account.username);
  }
  ::common::ReplyInfo UseReset(const Account& account, const std::string& token,
                               const std::string& password = kNewPassword) {
    ::authentication::AuthenticationUpdateRequest request;
    auto& credentials =
        *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
    credentials.set_companyid(account.company);
    credentials.set_username(account.username);
    credentials.set_password(password);
    credentials.set_passwordresettoken(token);
    return Ask(&AuthStub::authenticationUpdate, request);
  }
  static std::string TokenIn(const TakenMail& mail) {
    const std::string text = mail.Text();
    const std::string before = "&passwordResetToken=";
    const size_t begin = text.find(before) + before.size();
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  // What usher-auth answers to that flag, run by an operator.
  std::string Operator(const std::string& flag) {
    std::vector<std::string> command = house_.Command("auth");
    command.push_back("--log_level=error");
    command.push_back(flag);
    return RunProgram(command);
  }
  // The line of --mail that has that word.
  std::string LineOf(const std::string& word) {
    for (const absl::string_view line : absl::StrSplit(Operator("--mail"), '\n')) {
      if (absl::StrContains(line, word)) return std::string(line);
    }
    return "";
  }

  // Whether a mail to that person has been tried, and not been taken.
  bool HasFailed(const Person& person) {
    const std::string line = LineOf(person.account.user);
    return !line.empty() && !absl::StrContains(line, "\"lastError\":\"\"");
  }
  static int64_t TimesNamed(const MailServer& server, const Person& person) {
    const std::vector<std::string> named = server.Named();
    return std::count(named.begin(), named.end(), person.email);
  }

  std::unique_ptr<OwnServer> auth_;
  std::unique_ptr<::authentication::AuthenticationService::Stub> stub_;
};

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

}  // namespace
}  // namespace usher
