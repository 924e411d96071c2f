#include "common/base/attempts.h"

#include <gtest/gtest.h>

#include <stdexcept>

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

}  // namespace attempts_test
}  // namespace usher
