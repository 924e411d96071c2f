#include "common/rpc/gate/late_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace usher::rpc {
namespace late_answers_test {

using ::testing::ElementsAre;

class LateAnswersTest : public ::testing::Test {
 protected:
  bool Add(absl::Time due, int number) {
    return late_->Add(due, [this, number] { told_.push_back(number); });
  }
  // Tells what is left.
  const std::vector<int>& End() {
    late_.reset();
    return told_;
  }

  std::vector<int> told_;
  std::unique_ptr<LateAnswers> late_ = std::make_unique<LateAnswers>();
};

TEST_F(LateAnswersTest, NobodyIsToldBeforeTheTime) {
  const absl::Time due = absl::Now() + absl::Milliseconds(30);
  absl::Notification told;
  absl::Time when;
  ASSERT_TRUE(late_->Add(due, [&] {
    when = absl::Now();
    told.Notify();
  }));
  told.WaitForNotification();
  EXPECT_GE(when, due);
}

TEST_F(LateAnswersTest, WhoeverIsDueSoonerIsToldSooner) {
  absl::Notification told;
  ASSERT_TRUE(Add(absl::InfiniteFuture(), 1));
  ASSERT_TRUE(late_->Add(absl::Now() + absl::Milliseconds(5), [&] { told.Notify(); }));
  told.WaitForNotification();
  EXPECT_THAT(End(), ElementsAre(1));
}

TEST_F(LateAnswersTest, TheEndTellsEverybody) {
  const absl::Time now = absl::Now();
  ASSERT_TRUE(Add(now + absl::Hours(3), 3));
  ASSERT_TRUE(Add(now + absl::Hours(1), 1));
  ASSERT_TRUE(Add(now + absl::Hours(2), 2));
  EXPECT_THAT(End(), ElementsAre(1, 2, 3));
}

TEST_F(LateAnswersTest, NoMoreThanSoManyWait) {
  for (size_t i = 0; i < LateAnswers::kMost; ++i) ASSERT_TRUE(Add(absl::InfiniteFuture(), 0));
  EXPECT_FALSE(Add(absl::InfiniteFuture(), 1));
  EXPECT_EQ(End().size(), LateAnswers::kMost);
}

}  // namespace late_answers_test
}  // namespace usher::rpc
