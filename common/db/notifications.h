// Wake-ups between the processes that share a database: PostgreSQL's LISTEN and NOTIFY.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/pool_options.h"
#include "common/db/session.h"

namespace prometheus {
class Gauge;
class Registry;
}  // namespace prometheus

namespace usher::db {

struct NotificationOptions {
  PoolOptions database;
  // How often subscribers are woken without any news: a notification is a hint, which may be lost
  // with the connection or with the process that was to send it.
  absl::Duration quiet_period = absl::Seconds(5);  // while the database can be heard
  absl::Duration deaf_period =
      absl::Seconds(1);  // while it cannot; an attempt to connect may add 3 s
  // Shows whether the database can be heard; null: nowhere. Outlives the Notifications.
  prometheus::Registry* registry = nullptr;
};

// What has happened stands in tables; this says when to look. One thread and one connection for the
// process. Thread-safe.
class Notifications {
  struct Subscriber;

 public:
  // Gets what was announced: where to look. Empty: anything may have happened, look everywhere; so
  // it is at the beginning, after each break of the connection, and now and then. Several at once
  // may call it, the announcer's thread among them: it must be quick, wait for nothing, and neither
  // announce nor subscribe.
  using Wake = std::function<void(const std::string& payload)>;

  explicit Notifications(NotificationOptions options);
  ~Notifications();  // all subscriptions must have ended; waits for what is under way: at most 3 s

  // Once it is destroyed its function is not called any more; until then it may be.
  class Subscription {
   public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    friend class Notifications;
    Subscription(Notifications& owner, std::shared_ptr<Subscriber> subscriber);
    Notifications& owner_;
    const std::shared_ptr<Subscriber> subscriber_;
  };
  // `channel`: a constant of small letters and underscores. At any time.
  std::unique_ptr<Subscription> Subscribe(std::string channel, Wake wake);

  // Without it nothing is heard from other processes.
  void Start();

  // To be called after the COMMIT of what there is to see: a NOTIFY within the transaction would
  // make all of the database's commits that notify wait for each other, flushes included. Wakes the
  // subscribers of this process at once, and those of the others within milliseconds. Never waits.
  // `payload`: not empty, less than 8,000 bytes. The same one twice, before it is on its way, is
  // one.
  void Announce(const std::string& channel, const std::string& payload);

  // Whether the database can be heard at the moment.
  bool listening() const { return listening_.load(); }
  // How many announcements wait for it.
  size_t waiting() const;

  // How many announcements may wait for the database; beyond, they become one of the channel that
  // says "look everywhere".
  static constexpr size_t kMostWaiting = 10'000;

 private:
  using Announcement = std::pair<std::string, std::string>;  // channel, payload

  void Run();
  // All: until something breaks, or the end.
  absl::Status Listen();
  absl::Status ListenToNew(Session& session);
  absl::Status SendWaiting(Session& session);
  absl::Status AwaitNews(Session& session);
  void Deliver(Session& session);
  void StayDeaf(absl::Time until);
  void WakeAll();
  void WakeThose(const std::string& channel, const std::string& payload);
  std::vector<std::shared_ptr<Subscriber>> SubscribersOf(const std::string* channel) const;
  std::vector<std::string> Unheard() const;
  void SetListening(bool listening);
  void Nudge();

  const NotificationOptions options_;
  prometheus::Gauge* gauge_ = nullptr;
  const int nudge_;  // an eventfd, which ends waits of the thread
  std::atomic<bool> ending_{false};
  std::atomic<bool> listening_{false};
  absl::Time next_wake_ = absl::InfinitePast();  // the thread's own, as the next two
  absl::Time next_check_ = absl::InfinitePast();
  std::set<std::string> heard_;  // channels of the session at hand
  // Not held while somebody is woken.
  mutable absl::Mutex mutex_;
  std::list<std::shared_ptr<Subscriber>> subscribers_ ABSL_GUARDED_BY(mutex_);
  std::set<Announcement> waiting_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace usher::db
