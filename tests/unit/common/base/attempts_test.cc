#include "common/base/attempts.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/log.h"

namespace usher {
namespace attempts_test {

class AttemptsTest : public ::testing::Test {
 protected:
  void Make(const absl::Status& status) {
    attempts_.Make([&status] { return status; }, ending_);
  }

  std::atomic<bool> ending_{false};
  Attempts attempts_{"test", nullptr};
};

TEST_F(AttemptsTest, FailuresAreCountedUntilOneGoesWell) {
  EXPECT_EQ(attempts_.failures(), 0);
  Make(absl::UnavailableError("away"));
  Make(absl::UnavailableError("away"));
  EXPECT_EQ(attempts_.failures(), 2);
  EXPECT_EQ(attempts_.last_success(), absl::InfinitePast());
  Make(absl::OkStatus());
  EXPECT_EQ(attempts_.failures(), 0);
  EXPECT_GT(attempts_.last_success(), absl::UnixEpoch());
}

TEST_F(AttemptsTest, WhatIsThrownIsAFailure) {
  attempts_.Make([]() -> absl::Status { throw std::runtime_error("broken"); }, ending_);
  EXPECT_EQ(attempts_.failures(), 1);
}

// What a failure and its end are written as, without when and by whom.
std::string LinesOf(const std::string& company) {
  log::Flush();
  ::testing::internal::CaptureStdout();
  Attempts attempts("test", nullptr, company);
  attempts.Note(absl::UnavailableError("away"));
  attempts.Note(absl::UnavailableError("away"));
  attempts.Note(absl::OkStatus());
  attempts.Note(absl::OkStatus());
  log::Flush();
  std::string lines;
  for (const absl::string_view line :
       absl::StrSplit(::testing::internal::GetCapturedStdout(), '\n', absl::SkipEmpty())) {
    absl::StrAppend(&lines, line.substr(line.find("\"message\"")), "\n");
  }
  return lines;
}

TEST(AttemptsLogTest, AFailureIsToldWhenItBeginsAndWhenItIsOver) {
  EXPECT_EQ(LinesOf(""),
            "\"message\":\"test: fails, and is tried again\",\"error\":\"away\"}\n"
            "\"message\":\"test: works again\"}\n");
}

TEST(AttemptsLogTest, WhoseItIsStandsInBothLines) {
  EXPECT_EQ(LinesOf("acme"),
            "\"message\":\"test: fails, and is tried again\",\"company\":\"acme\","
            "\"error\":\"away\"}\n"
            "\"message\":\"test: works again\",\"company\":\"acme\"}\n");
}

}  // namespace attempts_test
}  // namespace usher
