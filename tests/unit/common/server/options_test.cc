// Values that parse, and with which no server could work.
#include "common/server/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/flags/reflection.h"
#include "tests/support/status_matchers.h"

namespace usher::server {
namespace options_test {

using ::testing::HasSubstr;

class OptionsTest : public ::testing::Test {
 protected:
  // Without certificates, which are read last: a run mode that needs none is --migrate.
  static absl::Status Read(std::string word, std::string mode = "--migrate") {
    std::vector<std::string> words = {"usher-room", "--database=dbname=x", std::move(mode),
                                      std::move(word)};
    std::vector<char*> argv;
    for (std::string& each : words) argv.push_back(each.data());
    const absl::FlagSaver saver;
    const absl::Status parsed = ParseFlags(static_cast<int>(argv.size()), argv.data(), "room");
    return parsed.ok() ? ReadOptions("room").status() : parsed;
  }
  static void ExpectRefused(const std::string& flag, const std::string& value,
                            const std::string& mode = "--migrate") {
    const absl::Status status = Read(flag + "=" + value, mode);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << flag << " " << value;
    EXPECT_THAT(std::string(status.message()), HasSubstr(flag)) << value;
  }
};

// Every call would be over before it began.
TEST_F(OptionsTest, ACallNeedsTime) {
  for (const char* value : {"0s", "-1s"}) ExpectRefused("--longest_call", value);
  // The lease of a saga follows from it, which is a time in PostgreSQL.
  for (const char* value : {"25h", "inf"}) ExpectRefused("--longest_call", value);
  EXPECT_OK(Read("--longest_call=1ms"));
}

// PostgreSQL refuses a negative one, and takes 0 for "no limit".
TEST_F(OptionsTest, AStatementNeedsTimeAndALimit) {
  for (const char* value : {"0s", "-1s", "1us", "inf"}) {
    ExpectRefused("--statement_timeout", value);
  }
  EXPECT_OK(Read("--statement_timeout=1ms"));
}

TEST_F(OptionsTest, ADrainIsNotOverBeforeItBegins) {
  ExpectRefused("--longest_drain", "-1s", "--listen=unix:/nowhere/socket");
}

// PostgreSQL reckons with it.
TEST_F(OptionsTest, ARetentionIsATimeOrForEver) {
  for (const char* value : {"-1s", "inf", "1000000h"}) ExpectRefused("--audit_retention", value);
  EXPECT_OK(Read("--audit_retention=0"));
}

// Every connection would be closed before it has carried a call.
TEST_F(OptionsTest, AConnectionHasTime) {
  for (const char* flag : {"--connection_idle", "--connection_age"}) {
    for (const char* value : {"0s", "-1s", "1ms"}) {
      ExpectRefused(flag, value, "--listen=unix:/nowhere/socket");
    }
  }
}

TEST_F(OptionsTest, AProxyThatIsNoneIsRefused) {
  ExpectRefused("--trusted_proxies", "proxy.example");
  ExpectRefused("--trusted_proxies", "10.0.0.0/8,10.0.0.1/8");
  EXPECT_OK(Read("--trusted_proxies=10.0.0.0/8, 2001:db8::1,unix"));
}

// Every call would be refused.
TEST_F(OptionsTest, AQueueHasAPlace) {
  ExpectRefused("--store_queue", "0");
  ExpectRefused("--slow_queue", "0");
}

}  // namespace options_test
}  // namespace usher::server
