// What the tests of mails over the wire have in common: an auth server that sends them, and a real
// mail server.
#pragma once

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/mail_server.h"
#include "tests/support/own_server.h"

namespace usher {

inline constexpr char kMailUser[] = "usher";
inline constexpr char kMailPassword[] = "mail server password";
inline constexpr char kNewPassword[] = "vT9#kq-8wz-new";

class MailOverTheWire : public AuthOverTheWire {
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
    return NewPersonAt(absl::StrCat(kind, "-", NewUuid(), "@example.com"), language, company);
  }
  Person NewPersonAt(const std::string& email, const std::string& language = "",
                     const std::string& company = "acme") {
    Person person;
    person.email = email;
    person.account.company = company;
    person.account.username = absl::StrCat("user-", NewUuid());
    person.account.password = absl::StrCat("password of ", person.account.username);
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

  // Of the auth server that sends mail.
  template <class AnyRequest, class AnyReply>
  AnyReply AskMailing(Rpc<AuthStub, AnyRequest, AnyReply> rpc, const AnyRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    AnyReply reply;
    const grpc::Status status = (*stub_.*rpc)(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
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
    return AskMailing(&AuthStub::requestPasswordReset, request);
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
  // What the link in a mail says: "" where it has no such word.
  static std::string ValueIn(const TakenMail& mail, const std::string& word) {
    const std::string text = mail.Text();
    for (const std::string& before : {"&" + word + "=", "#" + word + "="}) {
      const size_t found = text.find(before);
      if (found == std::string::npos) continue;
      const size_t begin = found + before.size();
      return text.substr(begin, text.find_first_of("&\n", begin) - begin);
    }
    return "";
  }
  static std::string TokenIn(const TakenMail& mail) { return ValueIn(mail, "passwordResetToken"); }
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

}  // namespace usher
