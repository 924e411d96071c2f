// What whoever runs auth has to do with directories: their file, the check, audit and log, with a
// real slapd (docs/auth.md, "Directories").
#include <signal.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/auth/directory_over_the_wire.h"
#include "tests/support/child_process.h"
#include "tests/support/file_content.h"

namespace usher {
namespace directory_operator_over_the_wire_test {

using ::testing::HasSubstr;
using ::testing::Not;

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

}  // namespace directory_operator_over_the_wire_test
}  // namespace usher
