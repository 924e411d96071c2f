#include "common/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace usher::log {
namespace log_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    Open("test", "info");
    Flush();
    ::testing::internal::CaptureStdout();
  }
  ~LogTest() override {
    if (capturing_) Written();
    Open("test", "info");
  }
  std::string Written() {
    Flush();
    capturing_ = false;
    return ::testing::internal::GetCapturedStdout();
  }

  bool capturing_ = true;
};

TEST_F(LogTest, ALineIsOneObjectWithTimeLevelServiceMessageAndFields) {
  Info("call", {{"rpc", "room.create"}, {"empty", ""}});
  EXPECT_THAT(Written(),
              MatchesRegex("\\{\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}Z\","
                           "\"level\":\"info\",\"service\":\"test\",\"message\":\"call\","
                           "\"rpc\":\"room.create\",\"empty\":\"\"\\}\n"));
}

TEST_F(LogTest, ALineSaysWhenItWasWhereThatIsGiven) {
  Info(absl::FromUnixMicros(1700000000012345), "call", {{"rpc", "room.create"}});
  Info(absl::FromUnixMicros(1700000001000000), "call", {});
  const std::string lines = Written();
  EXPECT_THAT(lines, HasSubstr("\"time\":\"2023-11-14T22:13:20.012345Z\",\"level\":\"info\""));
  EXPECT_THAT(lines, HasSubstr("\"time\":\"2023-11-14T22:13:21.000000Z\""));
}

TEST_F(LogTest, AFieldWithoutANameIsLeftOut) {
  Info("call", {{"", "acme"}, {"rpc", "room.create"}});
  EXPECT_THAT(Written(), EndsWith("\"message\":\"call\",\"rpc\":\"room.create\"}\n"));
}

TEST_F(LogTest, NoValueCanBreakALineOrAddAField) {
  std::string value = "\",\"level\":\"error\"}\n{\\\r\t\x7f\x1b[0m";
  value.push_back('\0');
  Info("call", {{"request_id", value}});
  const std::string line = Written();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  EXPECT_THAT(line, HasSubstr(R"("request_id":"\",\"level\":\"error\"}\u000a{\\\u000d\u0009)"
                              R"(\u007f\u001b[0m\u0000"})"));
}

TEST_F(LogTest, NothingThatDeceivesTheReaderStandsInALineAsItIs) {
  Info("call", {{"request_id",
                 "\xc2\x9b"
                 "31m\xc2\x85|\xe2\x80\xa8|\xe2\x80\xae|\xe2\x80\x8b|\xf3\xa0\x80\x81|\xff"}});
  const std::string line = Written();
  EXPECT_THAT(line, HasSubstr(R"("\u009b31m\u0085|\u2028|\u202e|\u200b|\udb40\udc01|\ufffd")"));
}

TEST_F(LogTest, TextOfAllLanguagesStaysAsItIs) {
  Info("Zo\xc3\xab \xf0\x9f\x99\x82");
  EXPECT_THAT(Written(), HasSubstr("\"Zo\xc3\xab \xf0\x9f\x99\x82\""));
}

TEST_F(LogTest, WhatIsBelowTheLevelIsNotWritten) {
  const std::vector<std::string> levels = {"debug", "info", "warning", "error"};
  for (size_t threshold = 0; threshold < levels.size(); ++threshold) {
    ASSERT_TRUE(Open("test", levels[threshold]));
    Debug("debug");
    Info("info");
    Warning("warning");
    Error("error");
  }
  const std::string lines = Written();
  for (size_t level = 0; level < levels.size(); ++level) {
    const std::string message = absl::StrCat("\"message\":\"", levels[level], "\"");
    const std::vector<std::string> around = absl::StrSplit(lines, message);
    EXPECT_EQ(around.size() - 1, level + 1) << levels[level];
  }
}

TEST_F(LogTest, AnUnknownLevelIsRefused) {
  for (const char* level : {"", "loud", "INFO", "warn"}) EXPECT_FALSE(Open("test", level)) << level;
}

TEST(WarningTest, TakesWhatWaitsWithIt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Open("test", "info");
  Flush();
  const int standard_output = dup(STDOUT_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  Info("first");
  Warning("second");
  // Without a Flush of ours, and before the second for which others may wait.
  const absl::Time until = absl::Now() + absl::Milliseconds(900);
  std::string lines;
  while (lines.find("second") == std::string::npos && absl::Now() < until) {
    pollfd ready = {ends[0], POLLIN, 0};
    char buffer[4096];
    if (poll(&ready, 1, 10) > 0) lines.append(buffer, read(ends[0], buffer, sizeof(buffer)));
  }
  dup2(standard_output, STDOUT_FILENO);
  for (const int end : {ends[0], ends[1], standard_output}) close(end);
  EXPECT_THAT(lines, ::testing::ContainsRegex("first.*\n.*second"));
}

TEST_F(LogTest, LinesOfManyThreadsStayWhole) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 1000; ++i) Info("from a thread", {{"text", std::string(50, 'x')}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> lines = absl::StrSplit(Written(), '\n');
  ASSERT_EQ(lines.size(), 4001u);
  EXPECT_THAT(lines.back(), IsEmpty());
  lines.pop_back();
  const std::string end = absl::StrCat("\"text\":\"", std::string(50, 'x'), "\"}");
  for (const std::string& line : lines) {
    ASSERT_THAT(line, ::testing::StartsWith("{\"time\":"));
    ASSERT_THAT(line, ::testing::EndsWith(end));
  }
}

}  // namespace log_test
}  // namespace usher::log
