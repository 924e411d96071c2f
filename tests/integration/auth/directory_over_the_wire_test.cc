// Signing in with the password of a company's directory, with a real slapd (docs/auth.md,
// "Directories").
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/own_server.h"
#include "tests/support/slapd.h"

namespace usher {
namespace directory_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPassword[] = "the directory's password";

class DirectoryOverTheWire : public AuthOverTheWire {
 protected:
  // The directory of a company, as the file has it.
  static std::string Of(const std::string& company, const Slapd& slapd,
                        const std::string& more = "provision: true check_seconds: 10") {
    return absl::StrCat("directory {\n  company_id: '", company, "'\n  url: '", slapd.Url(),
                        "'\n  ca: '", slapd.Ca(), "'\n  base: '", Slapd::kPeople,
                        "'\n  filter: '(&(uid={user})(!(employeeType=off)))'\n  bind_dn: '",
                        Slapd::kReader, "'\n  bind_password_file: '", slapd.ReaderPasswordFile(),
                        "'\n  ", more, "\n}\n");
  }
  void Write(const std::string& directories) const { std::ofstream(File()) << directories; }
  std::string File() const { return acme_.folder() + "/directories"; }

  // An auth of its own that has them.
  void Start(const std::string& directories, std::vector<std::string> more = {}) {
    Write(directories);
    OwnServer::Start start;
    start.service = "auth";
    start.flags = {"--directories=" + File()};
    for (std::string& flag : more) start.flags.push_back(std::move(flag));
    auth_ = std::make_unique<OwnServer>(start);
    channel_ = auth_->NewChannel();
    stub_ = ::authentication::AuthenticationService::NewStub(channel_);
  }
  std::string NewName() { return absl::StrCat("user-", NewUuid()); }

  static Request DirectoryOf(const std::string& company, const std::string& username,
                             const std::string& password = kPassword) {
    Request request;
    auto& credentials = *request.mutable_ldapcredentials();
    credentials.set_companyid(company);
    credentials.set_username(username);
    credentials.set_password(password);
    return request;
  }
  Reply Try(const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Reply reply;
    const grpc::Status status = stub_->authenticate(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  // Somebody of acme's directory.
  Reply Entered(const std::string& name) {
    const Reply reply = Try(DirectoryOf("acme", name));
    EXPECT_THAT(reply, Answers(::common::OK)) << auth_->Log();
    return reply;
  }
  static Request RefreshOf(const Reply& session, const std::string& principal) {
    Account account;
    account.company = session.companyid();
    account.username = principal;
    return Refreshing(account, session.accesstoken(), session.refreshtoken());
  }
  // An account for somebody of the directory, made by the administrator.
  std::string NewAccountOf(const std::string& name, PermissionSet permissions = {}) {
    Request method;
    method.mutable_ldapcredentials()->set_username(name);
    *method.mutable_permissions() = Wire(permissions);
    const auto reply = Create(AdminOf("acme"), method);
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.userid();
  }
  ::common::User ProfileOf(const std::string& user) {
    auto request = As<::user::UserListRequest>(AdminOf("acme"));
    request.add_useridlist(user);
    const auto reply = Ask(&UserStub::userList, request);
    EXPECT_THAT(reply, Answers(::common::OK));
    const auto found = reply.users().find(user);
    return found == reply.users().end() ? ::common::User() : found->second;
  }

  Slapd acme_;
  std::unique_ptr<OwnServer> auth_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<AuthStub> stub_;
};

TEST_F(DirectoryOverTheWire, WhoComesForTheFirstTimeBecomesAUserWithAProfile) {
  const std::string name = NewName();
  const std::string email = name + "@example.org";
  acme_.AddPerson(name, kPassword,
                  {{"mail", email}, {"givenName", "Ann"}, {"sn", "Müller"}, {"title", "Head"}});
  Start(Of("acme", acme_, "provision: true permission: ROOM_CREATE"));
  const Reply first = Entered(name);
  EXPECT_TRUE(first.permissions().at(static_cast<int>(Permission::kRoomCreate)));
  EXPECT_THAT(IsAuthenticated(first.accesstoken()), Answers(::common::OK));
  const ::common::User profile = ProfileOf(first.userid());
  EXPECT_EQ(profile.email(), email);
  EXPECT_EQ(profile.userprofile().firstname(), "Ann");
  EXPECT_EQ(profile.userprofile().lastname(), "Müller");
  EXPECT_EQ(profile.userprofile().title(), "Head");
  EXPECT_EQ(Entered(name).userid(), first.userid());
  // The session is one like others.
  const Reply refreshed = Try(RefreshOf(first, name));
  EXPECT_THAT(refreshed, Answers(::common::OK));
  EXPECT_EQ(refreshed.userid(), first.userid());
}

// CVE-2026-9092: an address makes nobody somebody else.
TEST_F(DirectoryOverTheWire, AnAddressThatSomebodyElseHasIsLeftToThem) {
  const std::string email = NewName() + "@example.org";
  ::user::UserCreateRequest request;
  request.mutable_user()->set_email(email);
  const auto owner = Ask(&UserStub::userCreate, As(AdminOf("acme"), request));
  ASSERT_THAT(owner, Answers(::common::OK));
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword, {{"mail", email}, {"givenName", "Bob"}});
  Start(Of("acme", acme_));
  const Reply reply = Entered(name);
  EXPECT_NE(reply.userid(), owner.userid());
  EXPECT_EQ(ProfileOf(reply.userid()).email(), "");
  EXPECT_EQ(ProfileOf(reply.userid()).userprofile().firstname(), "Bob");
  EXPECT_EQ(ProfileOf(owner.userid()).email(), email);
}

TEST_F(DirectoryOverTheWire, WithoutProvisioningWhoHasNoAccountIsNobody) {
  const std::string known = NewName(), stranger = NewName();
  acme_.AddPerson(known, kPassword);
  acme_.AddPerson(stranger, kPassword);
  Start(Of("acme", acme_, ""));
  const std::string user = NewAccountOf(known, {Permission::kRoomList});
  EXPECT_EQ(Entered(known).userid(), user);
  EXPECT_THAT(Try(DirectoryOf("acme", stranger)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// L14: "", " ", "*", "*)(uid=*", "\" and NUL; bindDN of somebody else.
TEST_F(DirectoryOverTheWire, WhatIsNoNameOrPasswordGetsNobodyIn) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_));
  Entered(name);
  const size_t sign_ins = acme_.CountSignIns();
  for (const char* password : {"", " "}) {
    EXPECT_THAT(Try(DirectoryOf("acme", name, password)),
                IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_EQ(acme_.CountSignIns(), sign_ins);
  for (const char* other : {"*", "*)(uid=*", "\\", "user-*"}) {
    EXPECT_THAT(Try(DirectoryOf("acme", other)), IsRefusedWith(::common::AUTHENTICATION_ERROR))
        << other;
  }
  EXPECT_THAT(Try(DirectoryOf("acme", name + std::string(1, '\0'))),
              IsRefusedWith(::common::PROTOCOL_ERROR));
  Request foreign = DirectoryOf("acme", name, Slapd::kReaderPassword);
  foreign.mutable_ldapcredentials()->set_binddn(Slapd::kReader);
  EXPECT_THAT(Try(foreign), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  foreign.mutable_ldapcredentials()->set_password(kPassword);
  EXPECT_THAT(Try(foreign), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// L14: "tenant A's LDAP user into B -> 1002".
TEST_F(DirectoryOverTheWire, WhoIsInTheDirectoryOfOneCompanyDoesNotGetIntoAnother) {
  Slapd globex;
  const std::string ann = NewName(), bob = NewName(), both = NewName();
  acme_.AddPerson(ann, kPassword);
  acme_.AddPerson(both, "the one of acme");
  globex.AddPerson(bob, kPassword);
  globex.AddPerson(both, "the one of globex");
  Start(Of("acme", acme_) + Of("globex", globex));
  EXPECT_THAT(Try(DirectoryOf("acme", ann)), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("globex", bob)), Answers(::common::OK));
  for (const auto& [company, name, password] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"globex", ann, kPassword},
           {"acme", bob, kPassword},
           {"acme", both, "the one of globex"},
           {"globex", both, "the one of acme"},
           {"operator", ann, kPassword},
           {"nobody", ann, kPassword}}) {
    EXPECT_THAT(Try(DirectoryOf(company, name, password)),
                IsRefusedWith(::common::AUTHENTICATION_ERROR))
        << company << " " << name;
  }
  const Reply of_acme = Try(DirectoryOf("acme", both, "the one of acme"));
  const Reply of_globex = Try(DirectoryOf("globex", both, "the one of globex"));
  EXPECT_NE(of_acme.userid(), of_globex.userid());
  EXPECT_EQ(Claims(of_acme.accesstoken()).company, CompanyId("acme"));
  EXPECT_EQ(Claims(of_globex.accesstoken()).company, CompanyId("globex"));
}

// L14: "user disabled in LDAP -> refresh 1003". The next time the directory is asked is 10 seconds
// after the last one at most.
TEST_F(DirectoryOverTheWire, WhoIsSwitchedOffInTheDirectoryCannotGoOnAndComesBackWithIt) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_));
  const Reply session = Entered(name);
  // Somebody who stays: else the directory would not be believed, which has none of those who
  // signed in in other tests either.
  const std::string other = NewName();
  acme_.AddPerson(other, kPassword);
  const Reply stays = Entered(other);
  acme_.Replace(Slapd::DnOf(name), "employeeType", "off");
  ASSERT_TRUE(auth_->AwaitLog(absl::StrCat(
      "not in the directory any more\",\"company\":\"acme\",\"user\":\"", session.userid())));
  EXPECT_THAT(Try(RefreshOf(stays, other)), Answers(::common::OK));
  const Reply refused = Try(RefreshOf(session, name));
  EXPECT_THAT(refused, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(refused.accountstatus(), ::authentication::DEACTIVATED);
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return IsAuthenticated(session.accesstoken()).statuscode() == ::common::ACCOUNT_STATUS_ERROR;
  }));
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  const auto shown = Information(AdminOf("acme"), session.userid());
  EXPECT_EQ(shown.authenticationmethodinformation().at("ldap").metadata().at("switchedOffBy"),
            "directory");
  acme_.Replace(Slapd::DnOf(name), "employeeType", "on");
  EXPECT_EQ(Entered(name).userid(), session.userid());
}

// P3, R9: "server hanging -> 1046 <= 4 s and password logins unaffected".
TEST_F(DirectoryOverTheWire, ADirectoryThatHangsSlowsNothingElse) {
  Slapd globex;
  const std::string name = NewName();
  globex.AddPerson(name, kPassword);
  Start(Of("acme", acme_, "timeout_seconds: 2") + Of("globex", globex));
  const Account account = NewAccount();
  EXPECT_THAT(Try(PasswordOf(account)), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("globex", name)), Answers(::common::OK));
  acme_.Freeze();
  std::atomic<bool> ending{false};
  std::atomic<int> refused{0}, other{0};
  std::vector<std::thread> callers;
  absl::Mutex mutex;
  absl::Duration longest;
  for (int i = 0; i < 40; ++i) {
    callers.emplace_back([&] {
      while (!ending) {
        grpc::ClientContext context;
        context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
        Reply reply;
        const absl::Time begun = absl::Now();
        const grpc::Status status =
            stub_->authenticate(&context, DirectoryOf("acme", "somebody"), &reply);
        const absl::Duration took = absl::Now() - begun;
        const bool expected = status.ok()
                                  ? reply.replyinfo().statuscode() == ::common::REMOTE_ERROR
                                  : status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
        ++(expected ? refused : other);
        const absl::MutexLock lock(&mutex);
        longest = std::max(longest, took);
      }
    });
  }
  // As long as the first of them wait, and after that.
  const absl::Time until = absl::Now() + absl::Seconds(5);
  absl::Duration slowest;
  while (absl::Now() < until) {
    const absl::Time begun = absl::Now();
    EXPECT_THAT(Try(PasswordOf(account)), Answers(::common::OK));
    EXPECT_THAT(Try(DirectoryOf("globex", name)), Answers(::common::OK));
    slowest = std::max(slowest, absl::Now() - begun);
  }
  ending = true;
  for (std::thread& caller : callers) caller.join();
  acme_.Thaw();
  EXPECT_GT(refused, 0);
  EXPECT_EQ(other, 0);
  EXPECT_LT(longest, absl::Seconds(4));
  // Of a password and a sign-in to the other directory, on a busy machine under sanitizers.
  EXPECT_LT(slowest, absl::Seconds(2));
}

TEST_F(DirectoryOverTheWire, TheFileIsReadAgainOnSighupAndABrokenOneIsNot) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start("");
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  Write(Of("acme", acme_));
  auth_->process().Signal(SIGHUP);
  ASSERT_TRUE(auth_->AwaitLog("the directories were read again"));
  const Reply session = Entered(name);
  Write("directory { company_id: 'acme' ");
  auth_->process().Signal(SIGHUP);
  ASSERT_TRUE(auth_->AwaitLog("the directories stay as they were"));
  EXPECT_EQ(Entered(name).userid(), session.userid());
  EXPECT_THAT(auth_->Log(), HasSubstr(File()));
}

TEST_F(DirectoryOverTheWire, ABrokenFileIsNoStart) {
  Write("directory { company_id: 'acme' url: 'ldap://localhost' }");
  std::vector<std::string> command = house_.Command("auth");
  command.push_back("--directories=" + File());
  const std::string log = acme_.folder() + "/broken";
  ChildProcess process(command, log);
  EXPECT_EQ(process.Wait(absl::Seconds(60)), 2);
  EXPECT_THAT(FileContent(log), HasSubstr(File() + ": directory of acme: "));
}

TEST_F(DirectoryOverTheWire, AnOperatorSeesStepByStepWhatWorks) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Write(Of("acme", acme_));
  const auto command = [&](std::vector<std::string> words) {
    std::vector<std::string> all = house_.Command("auth");
    all.push_back("--directories=" + File());
    all.push_back("--check_directory");
    all.insert(all.end(), words.begin(), words.end());
    return all;
  };
  const std::string said = RunProgram(command({"acme", name}));
  EXPECT_THAT(said, HasSubstr("ok      TLS"));
  EXPECT_THAT(said, HasSubstr("name (uid): " + name));
  EXPECT_THAT(said, Not(HasSubstr(Slapd::kReaderPassword)));
  EXPECT_THROW(RunProgram(command({"acme", "nobody"})), std::runtime_error);
  EXPECT_THROW(RunProgram(command({"globex"})), std::runtime_error);
}

// "activation_token ... keyType ldap" (docs/contract.md): whoever accepts shows the password.
TEST_F(DirectoryOverTheWire, AnInvitationToAnAccountOfTheDirectoryTakesItsPassword) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_, ""));
  Request invitation;
  auto& given = *invitation.mutable_activationtokencredentials();
  given.set_keytype("ldap");
  given.set_principal(name);
  *invitation.mutable_permissions() = Wire({Permission::kRoomList});
  const auto made = Create(AdminOf("acme"), invitation);
  ASSERT_THAT(made, Answers(::common::OK));
  Request look;
  look.mutable_activationtokencredentials()->set_companyid("acme");
  look.mutable_activationtokencredentials()->set_activationtoken(made.activationtoken());
  look.mutable_activationtokencredentials()->set_code(made.code());
  const auto accept = [&](const std::string& username, const std::string& password) {
    const Reply token = Try(look);
    ::authentication::AuthenticationUpdateRequest request;
    request.mutable_accessinfo()->set_accesstoken(token.accesstoken());
    request.set_userid(made.userid());
    *request.mutable_authenticationrequest() = look;
    auto& credentials = *request.mutable_authenticationrequest()->mutable_ldapcredentials();
    credentials.set_username(username);
    credentials.set_password(password);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    ::common::ReplyInfo reply;
    EXPECT_TRUE(stub_->authenticationUpdate(&context, request, &reply).ok());
    return reply;
  };
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept(name, "wrong"), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept(name, " "), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept("another", kPassword), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(accept(name, kPassword), Answers(::common::OK));
  const Reply entered = Entered(name);
  EXPECT_EQ(entered.userid(), made.userid());
  EXPECT_TRUE(entered.permissions().at(static_cast<int>(Permission::kRoomList)));
}

TEST_F(DirectoryOverTheWire, AccountsAreMadeChangedAndRemovedLikeOthers) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_, ""));
  const std::string user = NewAccountOf(name);
  Request method;
  method.mutable_ldapcredentials()->set_username(name);
  EXPECT_THAT(Create(AdminOf("acme"), method), Answers(::common::ACTION_INVALID)) << "taken";
  *method.mutable_permissions() = Wire({Permission::kRoomCreate});
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  const Reply session = Entered(name);
  EXPECT_TRUE(session.permissions().at(static_cast<int>(Permission::kRoomCreate)));
  method.set_accountstatus(::authentication::DEACTIVATED);
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_THAT(Try(DirectoryOf("acme", name, "wrong")),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  method.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  // The password is the directory's.
  Request with_password = DirectoryOf("acme", NewName());
  EXPECT_THAT(Create(AdminOf("acme"), with_password), Answers(::common::ACTION_INVALID));
}

// A user with a profile, and an account in the directory, by the user service.
TEST_F(DirectoryOverTheWire, TheUserServiceMakesUsersWithAccountsOfTheDirectory) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword, {{"givenName", "Ann"}});
  Start(Of("acme", acme_, ""));
  ::user::UserCreateRequest request;
  request.mutable_user()->mutable_userprofile()->set_firstname("Anna");
  request.mutable_authenticationrequest()->mutable_ldapcredentials()->set_username(name);
  const auto made = Ask(&UserStub::userCreate, As(AdminOf("acme"), request));
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_EQ(Entered(name).userid(), made.userid());
  // There was a profile: it is the user's.
  EXPECT_EQ(ProfileOf(made.userid()).userprofile().firstname(), "Anna");
}

TEST_F(DirectoryOverTheWire, SignInsAndRefusalsStandInTheAudit) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_));
  const Reply session = Entered(name);
  EXPECT_THAT(Try(DirectoryOf("acme", name, "wrong")),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  const auto rows = [&](const std::string& condition) {
    return house_.database("auth").Ask(
        absl::StrCat("SELECT count(*) FROM audit WHERE ", condition));
  };
  EXPECT_EQ(rows(absl::StrCat("user_id = '", session.userid(), "' AND detail = 'opened by ldap'")),
            "1");
  EXPECT_EQ(rows(absl::StrCat("object = 'ldap method of user ", session.userid(),
                              "' AND detail = 'created'")),
            "1");
  EXPECT_TRUE(WithinFiveSeconds([&] {
    return rows(absl::StrCat("object = 'user ", session.userid(),
                             "' AND detail = 'sign-in by directory refused'")) == "1";
  }));
}

// The passwords of people and of who looks stand in no log.
TEST_F(DirectoryOverTheWire, NoSecretStandsInTheLog) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_));
  Entered(name);
  Try(DirectoryOf("acme", name, "a wrong password of somebody"));
  acme_.Stop();
  Try(DirectoryOf("acme", name));
  const std::string log = auth_->Log();
  EXPECT_THAT(log, Not(HasSubstr(kPassword)));
  EXPECT_THAT(log, Not(HasSubstr("a wrong password of somebody")));
  EXPECT_THAT(log, Not(HasSubstr(Slapd::kReaderPassword)));
}

}  // namespace directory_over_the_wire_test
}  // namespace usher
