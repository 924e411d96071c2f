#include "services/company/asking_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace usher::company {
namespace asking_limit_test {

constexpr int kMost = 100;

class AskingLimitTest : public ::testing::Test {
 protected:
  // How many of so many questions at once are answered.
  int Answered(const std::string& source, int questions) {
    int answered = 0;
    for (int i = 0; i < questions; ++i) answered += limit_.Admit(source).ok() ? 1 : 0;
    return answered;
  }

  FakeClock clock_;
  AskingLimit limit_{kMost, clock_};
};

TEST_F(AskingLimitTest, L16OneSourceAsksAHundredTimesAMinuteAndOthersGoOn) {
  EXPECT_EQ(Answered("192.0.2.1", 200), kMost);
  EXPECT_EQ(limit_.Admit("192.0.2.1"), TooManyQuestions(absl::Seconds(1)));
  EXPECT_EQ(Answered("192.0.2.2", 200), kMost);
  clock_.Advance(absl::Seconds(6));
  EXPECT_EQ(Answered("192.0.2.1", 200), 10);
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(Answered("192.0.2.1", 200), kMost) << "what was not asked is not saved up";
}

TEST_F(AskingLimitTest, L16WhoIsRefusedIsToldTheSecondsAndDoesNotWaitLongerForIt) {
  AskingLimit rare(2, clock_);
  ASSERT_OK(rare.Admit("192.0.2.1"));
  ASSERT_OK(rare.Admit("192.0.2.1"));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(rare.Admit("192.0.2.1"), TooManyQuestions(absl::Seconds(30)));
  }
  EXPECT_THAT(TooManyQuestions(absl::Seconds(30)), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(TooManyQuestions(absl::Seconds(30)).message(),
            "too many names were asked for; try again in 30 seconds");
  clock_.Advance(absl::Seconds(30));
  EXPECT_OK(rare.Admit("192.0.2.1"));
}

TEST_F(AskingLimitTest, NobodyIsCountedWhereThereIsNoLimitNorWhoIsOnThisMachine) {
  AskingLimit none(0, clock_);
  for (int i = 0; i < 2 * kMost; ++i) {
    EXPECT_OK(none.Admit("192.0.2.1"));
    EXPECT_OK(limit_.Admit("local"));
  }
}

// Of an IPv6 network there are more addresses than could be remembered.
TEST_F(AskingLimitTest, MoreSourcesThanAreRememberedKeepNobodyOut) {
  const auto source = [](size_t number) { return absl::StrCat("2001:db8:", number, "::/64"); };
  EXPECT_EQ(Answered(source(0), 2 * kMost), kMost);
  for (size_t i = 1; i < AskingLimit::kMostSources; ++i) EXPECT_OK(limit_.Admit(source(i)));
  EXPECT_EQ(Answered("192.0.2.1", 2 * kMost), 2 * kMost);
  EXPECT_EQ(Answered(source(0), 1), 0) << "who is remembered is counted on";
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Answered("192.0.2.1", 2 * kMost), kMost) << "those who are free were forgotten";
}

}  // namespace asking_limit_test
}  // namespace usher::company
