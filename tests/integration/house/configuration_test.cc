// What a server says to a configuration that cannot work: exit code 2 and one clear line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/file_content.h"
#include "tests/support/house.h"

namespace usher {
namespace configuration_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

constexpr absl::Duration kPatience = absl::Seconds(60);

// How a program ended, and what it said.
struct Ended {
  int code = -1;  // -1: it did not end
  std::string out;
  std::string err;
};

class ConfigurationTest : public ::testing::Test {
 protected:
  ConfigurationTest() {
    std::string pattern = "/tmp/usher_flags_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~ConfigurationTest() override { std::filesystem::remove_all(folder_); }

  // `environment` is a list of NAME=value.
  Ended Run(const Words& command, const Words& environment = {}) const {
    const std::string out = folder_ + "/out";
    const std::string err = folder_ + "/err";
    std::filesystem::remove(out);
    Words words = {"/bin/sh", "-c", "exec env \"$@\" 2>\"$0\"", err};
    words.insert(words.end(), environment.begin(), environment.end());
    words.insert(words.end(), command.begin(), command.end());
    Ended ended;
    try {
      ChildProcess program(words, out);
      ended.code = program.Wait(kPatience);
    } catch (const std::exception&) {  // it runs as if nothing were wrong
    }
    ended.out = FileContent(out);
    ended.err = FileContent(err);
    return ended;
  }
  // As the house starts it, apart from `flags`, which win, and from where it listens.
  Ended Serve(const std::string& service, const Words& flags, const Words& environment = {}) const {
    Words command = house_.Command(service);
    command.push_back(absl::StrCat("--listen=unix:", folder_, "/public"));
    command.push_back(absl::StrCat("--internal_listen=unix:", folder_, "/internal"));
    command.insert(command.end(), flags.begin(), flags.end());
    return Run(command, environment);
  }
  static void ExpectComplaint(const Ended& ended, const std::string& service,
                              const std::string& about) {
    EXPECT_EQ(ended.code, 2) << about << "\n" << ended.out;
    EXPECT_THAT(ended.err, StartsWith(absl::StrCat("usher-", service, ": "))) << about;
    EXPECT_THAT(ended.err, HasSubstr(about));
    EXPECT_THAT(ended.err, EndsWith("\n")) << about;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  }
  std::string WriteFile(const std::string& name, const std::string& content, mode_t mode) const {
    const std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path, std::ios::binary) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  House& house_ = House::Get();
  std::string folder_;
};

TEST_F(ConfigurationTest, AWrongFlagEndsTheStartWithOneLineThatNamesIt) {
  for (const auto& [flag, about] : std::vector<std::pair<std::string, std::string>>{
           {"--no_such_flag=1", "--no_such_flag"},
           {"word", "'word'"},
           {"--database=", "--database"},
           {"--database_connections=many", "--database_connections"},
           {"--statement_timeout=5 apples", "--statement_timeout"},
           {"--longest_call=10", "--longest_call"},
           {"--pollers=0", "--pollers"},
           {"--largest_message=10", "--largest_message"},
           {"--reflection=perhaps", "--reflection"},
           {"--operator_company=Not A Company", "--operator_company"},
           {"--log_level=loud", "--log_level"},
           {"--listen=", "--listen"},
           {"--internal_ca=/nowhere/ca.pem", "--internal_ca"},
           {"--internal_certificate=/nowhere/room.pem", "--internal_certificate"},
           {"--internal_key=/nowhere/room.key", "--internal_key"},
           {"--tls_listen=unix:/nowhere/tls", "--tls_certificate"},
           {"--trusted_proxies=10.0.0.1/8", "--trusted_proxies: '10.0.0.1/8'"},
           {"--connection_idle=0s", "--connection_idle"},
           {"--connection_age=0s", "--connection_age"},
           {"--join_link_base=nowhere", "--join_link_base"},
           {"--livekit=/nowhere/livekit", "cannot read /nowhere/livekit"},
           {"--bootstrap", "--bootstrap"},
       }) {
    ExpectComplaint(Serve("room", {flag}), "room", about);
  }
}

TEST_F(ConfigurationTest, EachProgramSaysItsVersionAndRevisionWhateverIsWrongBesides) {
  for (const char* service : {"auth", "user", "company", "room", "business-logic"}) {
    const Words command = {house_.Command(service).front(), "--no_such_flag", "--version"};
    const Ended ended = Run(command, {"USHER_POLLERS=many"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, ::testing::MatchesRegex(absl::StrCat(
                               "usher-", service, " [0-9]+[.][0-9]+[.][0-9]+ [(][0-9a-z-]+[)]\n")));
    EXPECT_THAT(ended.err, IsEmpty());
  }
}

TEST_F(ConfigurationTest, AWrongFlagOfAuthEndsTheStartWithOneLineThatNamesIt) {
  for (const auto& [flag, about] : std::vector<std::pair<std::string, std::string>>{
           {"--signing_keys=", "--signing_keys"},
           {"--signing_keys=/nowhere", "--signing_keys"},
           {"--pepper=", "--pepper"},
           {"--pepper=/nowhere/pepper", "--pepper"},
           {"--access_lifetime=48h", "--access_lifetime"},
           {"--access_lifetime=0s", "--access_lifetime"},
           {"--refresh_lifetime=1m", "--refresh_lifetime"},
           {"--hash_memory=1", "--hash_memory"},
           {"--hash_passes=0", "--hash_passes"},
           {"--hash_queue=0", "--hash_queue"},
           {"--hash_memory_before=1", "--hash_memory_before"},
       }) {
    ExpectComplaint(Serve("auth", {flag}), "auth", about);
  }
}

TEST_F(ConfigurationTest, AKeyThatOthersMayReadIsRefused) {
  const std::string key = FileContent(house_.CertificateFolder() + "room.key");
  const std::string open = WriteFile("open.key", key, 0644);
  ExpectComplaint(Serve("room", {"--internal_key=" + open}), "room", open);
  const std::string pepper = WriteFile("open_pepper", std::string(64, 'a') + "\n", 0640);
  ExpectComplaint(Serve("auth", {"--pepper=" + pepper}), "auth", pepper);
}

TEST_F(ConfigurationTest, AKeyThatBelongsToAnotherCertificateIsRefused) {
  ExpectComplaint(Serve("room", {"--internal_key=" + house_.CertificateFolder() + "user.key"}),
                  "room", "user.key is not the key of");
}

TEST_F(ConfigurationTest, AKeyFileThatIsNoneIsRefusedAndNotShown) {
  const std::string secret = "5ec2e75ec2e7";
  const std::string pepper = WriteFile("pepper", secret + "\n", 0600);
  std::filesystem::create_directory(folder_ + "/keys");
  WriteFile("keys/1.key", secret, 0600);
  for (const std::string& flag :
       {absl::StrCat("--pepper=", pepper), absl::StrCat("--signing_keys=", folder_, "/keys")}) {
    const Ended ended = Serve("auth", {flag});
    ExpectComplaint(ended, "auth", flag.substr(0, flag.find('=')));
    EXPECT_THAT(ended.err + ended.out, Not(HasSubstr(secret)));
  }
}

TEST_F(ConfigurationTest, BootstrapIsRefusedWhereThereIsNone) {
  for (const char* service : {"room", "business-logic"}) {
    ExpectComplaint(Serve(service, {"--bootstrap"}), service, "usher-user and usher-company");
  }
}

TEST_F(ConfigurationTest, SagasAreListedWhereThereAreAnyAlone) {
  for (const char* service : {"auth", "room", "business-logic"}) {
    ExpectComplaint(Serve(service, {"--sagas"}), service, "usher-user and usher-company");
  }
}

TEST_F(ConfigurationTest, AVariableIsAsGoodAsAFlag) {
  const ScratchDatabase database;
  const std::string program = house_.Command("room")[0];
  const Ended ended = Run({program}, {"USHER_MIGRATE=true", "USHER_DATABASE=" + database.url()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_EQ(database.Ask("SELECT to_regclass('rooms') IS NOT NULL"), "t");
}

TEST_F(ConfigurationTest, AWrongVariableIsNamedAsAVariable) {
  ExpectComplaint(Serve("room", {}, {"USHER_POLLERS=several"}), "room", "USHER_POLLERS");
}

TEST_F(ConfigurationTest, AFlagWinsOverAVariable) {
  const ScratchDatabase database;
  const std::string program = house_.Command("room")[0];
  const Ended ended =
      Run({program, "--migrate", "--database=" + database.url()}, {"USHER_DATABASE=host=/nowhere"});
  EXPECT_EQ(ended.code, 0) << ended.err << ended.out;
}

TEST_F(ConfigurationTest, ADatabaseThatIsNotThereEndsTheStartAndIsNamedInTheLog) {
  for (const char* url : {"host=/nowhere dbname=room password=5ec2e75ec2e7",
                          "postgresql://room:5ec2e75ec2e7@127.0.0.1:1/room"}) {
    for (const Words& mode : std::vector<Words>{{}, {"--migrate"}}) {
      Words flags = mode;
      flags.push_back(absl::StrCat("--database=", url));
      const Ended ended = Serve("room", flags);
      EXPECT_EQ(ended.code, 1);
      EXPECT_THAT(ended.out, HasSubstr("the database is out of reach"));
      EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("5ec2e75ec2e7")));
    }
  }
}

TEST_F(ConfigurationTest, ADatabaseWithoutASchemaEndsTheStartAndSaysWhatToDo) {
  const ScratchDatabase empty;
  for (const std::string& service : House::Services()) {
    const Ended ended = Serve(service, {"--database=" + empty.url()});
    EXPECT_EQ(ended.code, 1) << service;
    EXPECT_THAT(ended.out, HasSubstr("--migrate")) << service;
  }
}

TEST_F(ConfigurationTest, HelpNamesEveryFlagAndChangesNothing) {
  for (const std::string& service : House::Services()) {
    const Ended ended = Run({house_.Command(service)[0], "--help"});
    EXPECT_EQ(ended.code, 0) << service;
    EXPECT_THAT(ended.out, HasSubstr("--internal_certificate")) << service;
    EXPECT_THAT(ended.out, HasSubstr("USHER_LISTEN")) << service;
    EXPECT_THAT(ended.err, IsEmpty()) << service;
  }
}

}  // namespace configuration_test
}  // namespace usher
