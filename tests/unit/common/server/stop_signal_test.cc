#include "common/server/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher::server {
namespace stop_signal_test {

// Each case is a process of its own: signals are a process's, and other tests have threads that do
// not block them. The child begins anew ("threadsafe"): it has no thread but its own.
class StopSignalDeathTest : public ::testing::Test {
 protected:
  StopSignalDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // Of a process that something hangs in.
  [[noreturn]] static void Hang() {
    while (true) absl::SleepFor(absl::Hours(1));
  }
  [[noreturn]] static void EndBy(int signal) {
    WatchSignals(0);
    StopInOrder(absl::Seconds(60));
    kill(getpid(), signal);
    if (!WaitForStopSignal(absl::Seconds(30))) _exit(3);
    _exit(4);
  }
};

TEST_F(StopSignalDeathTest, EitherSignalEndsTheWait) {
  EXPECT_EXIT(EndBy(SIGTERM), ::testing::ExitedWithCode(4), "");
  EXPECT_EXIT(EndBy(SIGINT), ::testing::ExitedWithCode(4), "");
}

TEST_F(StopSignalDeathTest, ASignalBeforeItServesEndsTheProcessAtOnceWhateverItWaitsFor) {
  EXPECT_EXIT(
      {
        WatchSignals(7);
        kill(getpid(), SIGTERM);
        Hang();
      },
      ::testing::ExitedWithCode(7), "");
}

TEST_F(StopSignalDeathTest, AStopThatHangsIsEndedAndCountsAsFailed) {
  EXPECT_EXIT(
      {
        WatchSignals(0);
        StopInOrder(absl::Milliseconds(1050));
        kill(getpid(), SIGTERM);
        Hang();
      },
      ::testing::ExitedWithCode(1), "");
}

TEST_F(StopSignalDeathTest, NoSignalNoStop) {
  EXPECT_EXIT(
      {
        WatchSignals(0);
        StopInOrder(absl::Seconds(60));
        _exit(WaitForStopSignal(absl::Milliseconds(1)) ? 3 : 4);
      },
      ::testing::ExitedWithCode(4), "");
}

TEST_F(StopSignalDeathTest, AHangUpDoesWhatItIsToldAndEndsNothing) {
  EXPECT_EXIT(
      {
        WatchSignals(0);
        kill(getpid(), SIGHUP);  // nothing yet
        StopInOrder(absl::Seconds(60));
        OnHangup([] { _exit(5); });
        kill(getpid(), SIGHUP);
        Hang();
      },
      ::testing::ExitedWithCode(5), "");
}

TEST_F(StopSignalDeathTest, AClientThatHangsUpDoesNotEndTheProcess) {
  EXPECT_EXIT(
      {
        WatchSignals(0);
        raise(SIGPIPE);
        _exit(4);
      },
      ::testing::ExitedWithCode(4), "");
}

}  // namespace stop_signal_test
}  // namespace usher::server
