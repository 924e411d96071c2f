#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "absl/flags/reflection.h"
#include "common/server/options.h"
#include "tests/support/status_matchers.h"

namespace usher::server {
namespace parse_flags_test {

using ::testing::HasSubstr;

// Every test has the flags and the environment for itself.
class ParseFlagsTest : public ::testing::Test {
 protected:
  ~ParseFlagsTest() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void SetVariable(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables_.push_back(name);
  }
  static absl::Status Parse(std::vector<std::string> words) {
    std::vector<char*> argv = {const_cast<char*>("usher-room")};
    for (std::string& word : words) argv.push_back(word.data());
    return ParseFlags(static_cast<int>(argv.size()), argv.data(), "room");
  }
  // The options of a run mode that needs no certificates.
  static Options Read() {
    const auto options = ReadOptions("room");
    EXPECT_OK(options);
    return options.ok() ? *options : Options();
  }

  absl::FlagSaver saver_;
  std::vector<std::string> variables_;
};

TEST_F(ParseFlagsTest, TakesValuesWithAndWithoutEqualsSign) {
  ASSERT_OK(Parse({"--migrate", "--database=host=/a b", "--database_connections", "3"}));
  EXPECT_EQ(Read().mode, RunMode::kMigrate);
  EXPECT_EQ(Read().pool.url, "host=/a b");
  EXPECT_EQ(Read().pool.connections, 3u);
}

TEST_F(ParseFlagsTest, ReadsTheEnvironment) {
  SetVariable("USHER_DATABASE", "dbname=x");
  SetVariable("USHER_STATEMENT_TIMEOUT", "3s");
  ASSERT_OK(Parse({"--migrate"}));
  EXPECT_EQ(Read().pool.url, "dbname=x");
  EXPECT_EQ(Read().pool.statement_timeout, absl::Seconds(3));
}

TEST_F(ParseFlagsTest, TheCommandLineWinsOverTheEnvironment) {
  SetVariable("USHER_DATABASE", "dbname=x");
  ASSERT_OK(Parse({"--migrate", "--database=dbname=y"}));
  EXPECT_EQ(Read().pool.url, "dbname=y");
}

TEST_F(ParseFlagsTest, ComplainsInOneLine) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--no_such_flag"},
           {"--no_such_flag=1"},
           {"word"},
           {"-h"},
           {"--database"},
           {"--database_connections=many"},
           {"--database_connections=-1"},
           {"--migrate=perhaps"},
           {"--statement_timeout=5 apples"},
           {"--"},
       }) {
    const absl::Status status = Parse(words);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << words[0];
    EXPECT_EQ(std::string(status.message()).find('\n'), std::string::npos) << words[0];
  }
}

TEST_F(ParseFlagsTest, NamesTheVariableThatIsWrong) {
  SetVariable("USHER_POLLERS", "several");
  EXPECT_THAT(std::string(Parse({}).message()), HasSubstr("USHER_POLLERS"));
}

TEST_F(ParseFlagsTest, DoesNotTakeAbseilsOwnFlags) {
  EXPECT_THAT(Parse({"--flagfile=/etc/passwd"}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Parse({"--fromenv=database"}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ParseFlagsTest, AnswersHelp) {
  ::testing::internal::CaptureStdout();
  EXPECT_THAT(Parse({"--database=x", "--help"}), StatusIs(absl::StatusCode::kCancelled));
  const std::string help = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, HasSubstr("--internal_listen"));
  EXPECT_THAT(help, HasSubstr("USHER_LISTEN"));
}

using ReadOptionsTest = ParseFlagsTest;

TEST_F(ReadOptionsTest, WantsADatabase) {
  ASSERT_OK(Parse({"--migrate"}));
  EXPECT_THAT(ReadOptions("room"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ReadOptionsTest, WantsAPublicPortForServing) {
  ASSERT_OK(Parse({"--database=x"}));
  EXPECT_THAT(std::string(ReadOptions("room").status().message()), HasSubstr("--listen"));
}

TEST_F(ReadOptionsTest, WantsSensibleNumbers) {
  for (const char* word : {"--database_connections=0", "--store_threads=0", "--slow_threads=0",
                           "--operator_company=Not A Slug"}) {
    const absl::FlagSaver saver;
    ASSERT_OK(Parse({"--migrate", "--database=x", word}));
    EXPECT_THAT(ReadOptions("room"), StatusIs(absl::StatusCode::kInvalidArgument)) << word;
  }
  for (const char* word : {"--pollers=0", "--largest_message=1"}) {
    const absl::FlagSaver saver;
    ASSERT_OK(Parse({"--listen=127.0.0.1:0", "--database=x", word}));
    EXPECT_THAT(ReadOptions("room"), StatusIs(absl::StatusCode::kInvalidArgument)) << word;
  }
}

TEST_F(ReadOptionsTest, SaysWhichCertificateItCannotRead) {
  ASSERT_OK(Parse({"--listen=127.0.0.1:0", "--database=x", "--internal_ca=/no/such/file"}));
  EXPECT_THAT(std::string(ReadOptions("room").status().message()),
              HasSubstr("--internal_ca: cannot read /no/such/file"));
}

TEST(IsOurSource, KnowsAbseilsFoldersAndNoOthers) {
  EXPECT_TRUE(IsOurSource("/home/absl/usher/common/server/options.cc"));
  EXPECT_TRUE(IsOurSource("../../common/server/options.cc"));
  EXPECT_FALSE(IsOurSource("/build/abseil-X/absl/flags/internal/usage.cc"));
  EXPECT_FALSE(IsOurSource("absl/flags/parse.cc"));
}

}  // namespace parse_flags_test
}  // namespace usher::server
