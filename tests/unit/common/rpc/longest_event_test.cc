#include "common/rpc/call/longest_event.h"

#include <gtest/gtest.h>

namespace usher::rpc {
namespace longest_event_test {

constexpr int64_t kSecond = 1'000'000'000;

TEST(LongestEvent, IsTheLongestOfThoseNoted) {
  LongestEvent longest;
  EXPECT_EQ(longest.Get(0), absl::ZeroDuration());
  longest.Note(1 * kSecond, 300);
  longest.Note(2 * kSecond, 500);
  longest.Note(3 * kSecond, 100);
  EXPECT_EQ(longest.Get(3 * kSecond), absl::Nanoseconds(500));
}

TEST(LongestEvent, IsRememberedForHalfAMinuteAndForgottenAfterAWholeOne) {
  LongestEvent longest;
  longest.Note(29 * kSecond, 500);
  EXPECT_EQ(longest.Get(31 * kSecond), absl::Nanoseconds(500));
  longest.Note(31 * kSecond, 100);
  EXPECT_EQ(longest.Get(59 * kSecond), absl::Nanoseconds(500));
  EXPECT_EQ(longest.Get(61 * kSecond), absl::Nanoseconds(100));
  EXPECT_EQ(longest.Get(100 * kSecond), absl::ZeroDuration());
  longest.Note(100 * kSecond, 7);
  EXPECT_EQ(longest.Get(100 * kSecond), absl::Nanoseconds(7));
}

}  // namespace longest_event_test
}  // namespace usher::rpc
