#include "common/server/stop_signal.h"

#include <signal.h>

namespace usher::server {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void BlockStopSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool WaitForStopSignal(absl::Duration patience) {
  const sigset_t signals = StopSignals();
  if (patience == absl::InfiniteDuration()) return sigwaitinfo(&signals, nullptr) > 0;
  const timespec wait = absl::ToTimespec(patience);
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

}  // namespace usher::server
