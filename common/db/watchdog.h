// Ends waits that libpqxx cannot end: a blocking call of libpq knows no deadline.
#pragma once

#include <set>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace usher::db {

// A thread that shuts down the sockets of those whose deadline passes; whoever waits for one finds
// its connection lost. Thread-safe.
class Watchdog {
 public:
  // One socket. Not thread-safe; must end before its socket is closed and before its watchdog.
  class Watch {
   public:
    Watch(Watchdog& dog, int socket) : dog_(dog), socket_(socket) {}
    ~Watch() { Stop(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Not while it runs. InfiniteFuture: not watched.
    void Start(absl::Time deadline);
    void Stop();
    // Whether the deadline came first, since the last Start.
    bool cut_off() const;

   private:
    friend class Watchdog;
    Watchdog& dog_;
    const int socket_;
    absl::Time deadline_ = absl::InfiniteFuture();
    bool cut_off_ = false;  // guarded by dog_.mutex_
  };

  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void Run();

  mutable absl::Mutex mutex_;
  absl::CondVar changed_;  // not a Condition: that would be looked at on every Start and Stop
  std::set<std::pair<absl::Time, Watch*>> watched_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::db
