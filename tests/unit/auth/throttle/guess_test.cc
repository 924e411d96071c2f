#include "services/auth/throttle/guess.h"

#include <gtest/gtest.h>

#include <limits>

namespace usher::auth {
namespace guess_test {

class GuessTest : public ::testing::Test {
 protected:
  GuessTest() { state_.read_at = absl::FromUnixSeconds(1'764'000'000); }

  void Pass(absl::Duration time) { state_.read_at += time; }
  void Guess() { state_ = CountedForSource(Counted(state_, limits_), limits_); }
  absl::Duration Wait() const { return WaitFor(state_, limits_); }
  // How many guesses there are until one has to wait.
  int GuessesUntilAWait(int most = 1000) {
    int guesses = 0;
    while (guesses < most && Wait() == absl::ZeroDuration()) {
      Guess();
      ++guesses;
    }
    return guesses;
  }

  GuessLimits limits_;
  GuessState state_;
};

TEST_F(GuessTest, FiveAreFreeThenTheDelaysDoubleUpToAQuarterOfAnHour) {
  limits_.account_guesses = limits_.source_guesses = 0;
  EXPECT_EQ(GuessesUntilAWait(), 5);
  absl::Duration expected = absl::Seconds(1);
  for (int i = 0; i < 14; ++i) {
    EXPECT_EQ(Wait(), expected);
    Pass(expected - absl::Milliseconds(1));
    EXPECT_GT(Wait(), absl::ZeroDuration());
    Pass(absl::Milliseconds(1));
    EXPECT_EQ(Wait(), absl::ZeroDuration());
    Guess();
    expected = std::min(2 * expected, absl::Minutes(15));
  }
  EXPECT_EQ(Wait(), absl::Minutes(15));
  state_.pair.failures = std::numeric_limits<int64_t>::max() / 2;
  Guess();
  EXPECT_EQ(Wait(), absl::Minutes(15));
}

TEST_F(GuessTest, AnAccountTakesFiftyGuessesAnHourFromStrangers) {
  limits_.free_guesses = limits_.source_guesses = 0;
  EXPECT_EQ(GuessesUntilAWait(), 50);
  EXPECT_EQ(Wait(), absl::Hours(1) / 50);
  Pass(Wait());
  EXPECT_EQ(GuessesUntilAWait(), 1);
  Pass(absl::Hours(1));
  EXPECT_EQ(GuessesUntilAWait(), 50);
}

TEST_F(GuessTest, ASourceGuessesTwentyTimesAtOnceAndThreeHundredTimesAnHour) {
  limits_.free_guesses = limits_.account_guesses = 0;
  EXPECT_EQ(GuessesUntilAWait(), 20);
  EXPECT_EQ(Wait(), absl::Seconds(12));
  EXPECT_EQ(WaitForSource(state_, limits_), absl::Seconds(12));
  int in_an_hour = 20;
  for (int i = 0; i < 300; ++i) {
    Pass(absl::Seconds(12));
    in_an_hour += GuessesUntilAWait();
  }
  EXPECT_EQ(in_an_hour, 320);
}

// L3.
TEST_F(GuessTest, WhoIsFamiliarHasTheOwnDelaysOnly) {
  state_ = Right(Counted(state_, limits_), true, limits_);
  for (int i = 0; i < 1000; ++i) {  // strangers
    state_.account.free_at = state_.read_at + absl::Hours(100);
    state_.source.free_at = state_.read_at + absl::Hours(100);
  }
  EXPECT_TRUE(MayGoUncounted(state_, limits_));
  EXPECT_EQ(Wait(), absl::ZeroDuration());
  EXPECT_EQ(GuessesUntilAWait(), 5);
  EXPECT_EQ(Wait(), absl::Seconds(1));
  EXPECT_FALSE(MayGoUncounted(state_, limits_));
  Pass(limits_.familiar_for);
  EXPECT_FALSE(IsFamiliar(state_, limits_));
}

TEST_F(GuessTest, ARightSecretTakesBackItsGuessAndResetsThePairAlone) {
  for (int i = 0; i < 5; ++i) Guess();
  const GuessState before = state_;
  Guess();
  state_.source = before.source;  // which a wrong secret alone counts for
  state_ = Right(state_, true, limits_);
  EXPECT_EQ(state_.pair.failures, 0);
  EXPECT_EQ(state_.pair.right_at, state_.read_at);
  EXPECT_EQ(state_.account.free_at, before.account.free_at);
  EXPECT_EQ(state_.source.free_at, before.source.free_at);
}

TEST_F(GuessTest, AGuessThatWasNotTriedIsTakenBack) {
  for (int i = 0; i < 4; ++i) Guess();
  const GuessState before = state_;
  Guess();
  EXPECT_GT(Wait(), absl::ZeroDuration());
  state_.source = before.source;
  state_ = NotTried(state_, limits_);
  EXPECT_EQ(Wait(), absl::ZeroDuration());
  EXPECT_EQ(state_.pair.failures, 4);
  EXPECT_EQ(state_.account.free_at, before.account.free_at);
  EXPECT_EQ(state_.source.free_at, before.source.free_at);
}

TEST_F(GuessTest, NothingIsKeptLongerThanItSays) {
  Guess();
  EXPECT_EQ(state_.account.forget_at, state_.account.free_at);
  EXPECT_EQ(state_.source.forget_at, state_.source.free_at);
  EXPECT_EQ(state_.pair.forget_at, state_.read_at + absl::Hours(24));
  state_ = Right(state_, true, limits_);
  EXPECT_EQ(state_.pair.forget_at, state_.read_at + limits_.familiar_for);
}

TEST_F(GuessTest, ZeroIsAnyNumber) {
  limits_.free_guesses = limits_.account_guesses = limits_.source_guesses = 0;
  EXPECT_TRUE(limits_.Off());
  EXPECT_EQ(GuessesUntilAWait(), 1000);
}

}  // namespace guess_test
}  // namespace usher::auth
