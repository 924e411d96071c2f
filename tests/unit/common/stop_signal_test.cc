#include "common/server/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace usher::server {
namespace {

// Signals are sent to this thread alone: others of the process do not block them.
class StopSignalTest : public ::testing::Test {
 protected:
  StopSignalTest() {
    pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    BlockStopSignals();
  }
  ~StopSignalTest() override { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t before_;
};

TEST_F(StopSignalTest, EitherSignalEndsTheWait) {
  for (const int signal : {SIGTERM, SIGINT}) {
    EXPECT_FALSE(WaitForStopSignal(absl::ZeroDuration()));
    raise(signal);
    EXPECT_TRUE(WaitForStopSignal(absl::InfiniteDuration())) << signal;
    EXPECT_FALSE(WaitForStopSignal(absl::ZeroDuration())) << signal;
  }
}

TEST_F(StopSignalTest, ASignalThatCameBeforeTheWaitIsNotLost) {
  raise(SIGTERM);
  EXPECT_TRUE(WaitForStopSignal(absl::Milliseconds(1)));
}

TEST_F(StopSignalTest, AClientThatHangsUpDoesNotEndTheProcess) {
  raise(SIGPIPE);
  EXPECT_FALSE(WaitForStopSignal(absl::ZeroDuration()));
}

}  // namespace
}  // namespace usher::server
