// Signing in with the password of a company's directory, with a real slapd (docs/auth.md,
// "Directories").
#include "tests/integration/auth/directory_over_the_wire.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace directory_over_the_wire_test {

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

}  // namespace directory_over_the_wire_test
}  // namespace usher
