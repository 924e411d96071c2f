#include "common/server/library_log.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "common/base/log.h"

namespace usher::server {
namespace library_log_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// In a process of its own: others do without.
class LibraryLogDeathTest : public ::testing::Test {
 protected:
  LibraryLogDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // What the child writes, its standard output included.
  template <class Body>
  static void Expect(Body body, const ::testing::Matcher<const std::string&>& lines) {
    EXPECT_EXIT(
        {
          std::fflush(stdout);  // what the test's own main has said
          dup2(STDERR_FILENO, STDOUT_FILENO);
          log::Open("test", "info");
          grpc_init();  // else gRPC has no level
          LogLibraries();
          body();
          log::Flush();
          _exit(0);
        },
        ::testing::ExitedWithCode(0), lines);
  }
};

// Their lines were no JSON.
TEST_F(LibraryLogDeathTest, WhatLibrariesSayIsALineOfOurs) {
  Expect(
      [] { GOOGLE_LOG(ERROR) << "invalid \"UTF-8\""; },
      ::testing::AllOf(StartsWith("{\"time\""), EndsWith("}\n"),
                       HasSubstr("\"library\":\"protobuf\""), HasSubstr("invalid \\\"UTF-8\\\"")));
  Expect(
      [] { gpr_log(GPR_ERROR, "%s", "something"); },
      ::testing::AllOf(StartsWith("{\"time\""), EndsWith("}\n"), HasSubstr("\"library\":\"grpc\""),
                       HasSubstr("library_log_test.cc:"), HasSubstr("\"text\":\"something\"")));
}

TEST_F(LibraryLogDeathTest, AClientThatCausesManyLinesDoesNotFillTheLog) {
  Expect(
      [] {
        for (int i = 0; i < 100000; ++i) gpr_log(GPR_ERROR, "again");
      },
      ::testing::AllOf(HasSubstr("again"),
                       ::testing::ResultOf([](const std::string& lines) { return lines.size(); },
                                           ::testing::Lt(100000u))));
}

}  // namespace library_log_test
}  // namespace usher::server
