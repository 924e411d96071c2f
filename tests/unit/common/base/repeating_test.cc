#include "common/base/repeating.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <stdexcept>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace usher {
namespace repeating_test {

constexpr absl::Duration kLong = absl::Hours(1);
constexpr absl::Duration kPatience = absl::Seconds(30);

RepeatingOptions Every(absl::Duration period) {
  return {.name = "test", .period = period, .first_retry = period, .longest_retry = period};
}

// Counts down, and no further.
class Rounds {
 public:
  explicit Rounds(int count) : left_(count), counter_(count) {}
  void Note() {
    if (left_-- > 0) counter_.DecrementCount();
  }
  void Await() { counter_.Wait(); }

 private:
  std::atomic<int> left_;
  absl::BlockingCounter counter_;
};

TEST(PauseAfter, ASuccessIsThePeriod) {
  EXPECT_EQ(PauseAfter(Every(absl::Seconds(7)), 0), absl::Seconds(7));
}

TEST(PauseAfter, DoublesWithEachFailureInARowUpToTheLongest) {
  const RepeatingOptions options{.name = "test",
                                 .period = absl::Minutes(1),
                                 .first_retry = absl::Seconds(1),
                                 .longest_retry = absl::Seconds(10)};
  EXPECT_EQ(PauseAfter(options, 1), absl::Seconds(1));
  EXPECT_EQ(PauseAfter(options, 2), absl::Seconds(2));
  EXPECT_EQ(PauseAfter(options, 4), absl::Seconds(8));
  EXPECT_EQ(PauseAfter(options, 5), absl::Seconds(10));
  EXPECT_EQ(PauseAfter(options, 1000000), absl::Seconds(10));
}

TEST(Repeating, BeginsAtOnceAndGoesOn) {
  Rounds three(3);
  Repeating repeating(Every(absl::ZeroDuration()), [&] {
    three.Note();
    return absl::OkStatus();
  });
  repeating.Start();
  three.Await();
}

TEST(Repeating, ThatWasNeverStartedDoesNothingAndEnds) {
  const Repeating repeating(Every(absl::ZeroDuration()), [] {
    ADD_FAILURE() << "a round without Start";
    return absl::OkStatus();
  });
  EXPECT_EQ(repeating.last_success(), absl::InfinitePast());
}

TEST(Repeating, EndsInTheMiddleOfItsPause) {
  Rounds one(1);
  Repeating repeating(Every(kLong), [&] {
    one.Note();
    return absl::OkStatus();
  });
  repeating.Start();
  one.Await();
}

TEST(Repeating, ARoundCanSeeThatItIsToEnd) {
  absl::Notification waiting;
  std::unique_ptr<Repeating> repeating;
  std::shared_ptr<const std::atomic<bool>> ending;
  repeating = std::make_unique<Repeating>(Every(kLong), [&] {
    waiting.Notify();
    const absl::Time until = absl::Now() + kPatience;
    while (!ending->load() && absl::Now() < until) std::this_thread::yield();
    return ending->load() ? absl::CancelledError("ending") : absl::OkStatus();
  });
  ending = repeating->ending();
  repeating->Start();
  waiting.WaitForNotification();
  const absl::Time before = absl::Now();
  repeating.reset();
  EXPECT_LT(absl::Now() - before, kPatience / 2);
}

TEST(Repeating, AFailureOrAnExceptionDoesNotEndIt) {
  Rounds all(3);
  int round = 0;
  Repeating repeating(Every(absl::ZeroDuration()), [&]() -> absl::Status {
    all.Note();
    if (++round == 1) return absl::UnavailableError("away");
    if (round == 2) throw std::runtime_error("broken");
    return absl::OkStatus();
  });
  repeating.Start();
  all.Await();
}

TEST(Repeating, TellsWhenItLastSucceeded) {
  prometheus::Registry registry;
  RepeatingOptions options = Every(absl::ZeroDuration());
  options.registry = &registry;
  Rounds two(2);
  const absl::Time before = absl::Now();
  Repeating repeating(options, [&] {
    two.Note();
    return absl::OkStatus();
  });
  repeating.Start();
  two.Await();
  EXPECT_GE(repeating.last_success(), before - absl::Microseconds(1));
  const auto families = registry.Collect();
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].name, "usher_last_success_seconds");
  EXPECT_EQ(families[0].metric[0].label[0].value, "test");
  EXPECT_GE(families[0].metric[0].gauge.value, absl::ToUnixSeconds(before));
}

TEST(Repeating, ThatAlwaysFailsNeverSucceeded) {
  Rounds two(2);
  Repeating repeating(Every(absl::ZeroDuration()), [&] {
    two.Note();
    return absl::UnavailableError("away");
  });
  repeating.Start();
  two.Await();
  EXPECT_EQ(repeating.last_success(), absl::InfinitePast());
}

}  // namespace repeating_test
}  // namespace usher
