#include "common/db/watchdog.h"

#include <sys/socket.h>

#include "absl/time/clock.h"
#include "common/db/counters.h"

namespace usher::db {

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.Signal();
  }
  thread_.join();
}

void Watchdog::Run() {
  const absl::MutexLock lock(&mutex_);
  while (!ending_) {
    const absl::Time now = absl::Now();
    while (!watched_.empty() && watched_.begin()->first <= now) {
      Watch* const late = watched_.begin()->second;
      watched_.erase(watched_.begin());
      late->cut_off_ = true;
      ++TheCounters().cut_off;
      shutdown(late->socket_, SHUT_RDWR);  // under the lock, so that nobody has closed it
    }
    next_look_ = watched_.empty() ? absl::InfiniteFuture() : watched_.begin()->first;
    changed_.WaitWithDeadline(&mutex_, next_look_);
  }
}

void Watchdog::Watch::Start(absl::Time deadline) {
  deadline_ = deadline;
  const absl::MutexLock lock(&dog_.mutex_);
  cut_off_ = false;
  if (deadline == absl::InfiniteFuture()) return;
  dog_.watched_.emplace(deadline, this);
  // Most deadlines are later than those that are there, and gone before it looks again.
  if (deadline < dog_.next_look_) dog_.changed_.Signal();
}

void Watchdog::Watch::Stop() {
  const absl::MutexLock lock(&dog_.mutex_);
  dog_.watched_.erase({deadline_, this});
}

bool Watchdog::Watch::cut_off() const {
  const absl::MutexLock lock(&dog_.mutex_);
  return cut_off_;
}

}  // namespace usher::db
