#include "common/server/stop_signal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher::server {
namespace {

constexpr int kEndedByForce = 1;
constexpr absl::Duration kLongestFlush = absl::Seconds(1);

struct State {
  absl::Mutex mutex;
  int exit_code ABSL_GUARDED_BY(mutex) = 0;
  bool in_order ABSL_GUARDED_BY(mutex) = false;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  absl::Duration longest_stop ABSL_GUARDED_BY(mutex);
  absl::Mutex hangup_mutex ABSL_ACQUIRED_BEFORE(mutex);  // held while the action runs
  std::function<void()> on_hangup ABSL_GUARDED_BY(hangup_mutex);
  std::atomic<const char*> stage{"serving"};
};

// Signals are a process's.
State& TheState() {
  static auto* const state = new State();
  return *state;
}

sigset_t WatchedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

void HangUp() {
  State& state = TheState();
  const absl::MutexLock lock(&state.hangup_mutex);
  if (state.on_hangup) state.on_hangup();
}

// Notes the stop; when it has to be over.
absl::Time BeginStop() {
  State& state = TheState();
  const absl::MutexLock lock(&state.mutex);
  if (!state.in_order) {
    log::Info("stopped before it served");
    EndNow(state.exit_code);
  }
  state.stopping = true;
  return absl::Now() + state.longest_stop - kLongestFlush;
}

void WatchForEver() {
  const sigset_t signals = WatchedSignals();
  absl::Time until = absl::InfiniteFuture();
  while (true) {
    int signal = 0;
    if (until == absl::InfiniteFuture()) {
      signal = sigwaitinfo(&signals, nullptr);
    } else {
      const absl::Duration left = until - absl::Now();
      if (left <= absl::ZeroDuration()) break;
      const timespec patience = absl::ToTimespec(left);
      signal = sigtimedwait(&signals, nullptr, &patience);
    }
    if (signal == SIGHUP) HangUp();
    if ((signal == SIGTERM || signal == SIGINT) && until == absl::InfiniteFuture()) {
      until = BeginStop();
    }
  }
  log::Error("the stop took too long: ended", {{"stage", TheState().stage.load()}});
  EndNow(kEndedByForce);
}

}  // namespace

void WatchSignals(int exit_code) {
  const sigset_t signals = WatchedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  {
    State& state = TheState();
    const absl::MutexLock lock(&state.mutex);
    state.exit_code = exit_code;
  }
  std::thread(WatchForEver).detach();  // it lives as long as the process
}

void StopInOrder(absl::Duration longest_stop) {
  State& state = TheState();
  const absl::MutexLock lock(&state.mutex);
  state.in_order = true;
  state.longest_stop = longest_stop;
}

bool WaitForStopSignal(absl::Duration patience) {
  State& state = TheState();
  const absl::MutexLock lock(&state.mutex);
  return state.mutex.AwaitWithTimeout(absl::Condition(&state.stopping), patience);
}

void ReachStage(const char* stage) { TheState().stage.store(stage); }

void OnHangup(std::function<void()> action) {
  State& state = TheState();
  const absl::MutexLock lock(&state.hangup_mutex);
  state.on_hangup = std::move(action);
}

void EndNow(int exit_code) {
  log::Flush(kLongestFlush);
  _exit(exit_code);
}

}  // namespace usher::server
