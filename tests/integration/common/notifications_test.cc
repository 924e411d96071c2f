#include "common/db/notifications.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/support/scratch_database.h"
#include "tests/support/stalling_proxy.h"

namespace usher::db {
namespace notifications_test {

constexpr char kChannel[] = "usher_test";
constexpr absl::Duration kPatience = absl::Seconds(20);  // sanitizers on a busy machine

// Counts what it is woken with.
class Heard {
 public:
  Notifications::Wake Wake() {
    return [this](const std::string& payload) {
      const absl::MutexLock lock(&mutex_);
      ++times_[payload];
    };
  }

  int Times(const std::string& payload) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = times_.find(payload);
    return found == times_.end() ? 0 : found->second;
  }

  bool Await(const std::string& payload, int times = 1) const {
    const absl::MutexLock lock(&mutex_);
    const auto heard = [&] {
      mutex_.AssertReaderHeld();
      const auto found = times_.find(payload);
      return found != times_.end() && found->second >= times;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&heard), kPatience);
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, int> times_ ABSL_GUARDED_BY(mutex_);
};

// A process of the service: what it hears on the channel.
struct Process {
  explicit Process(const std::string& url, absl::Duration quiet = absl::Hours(1))
      : notifications({.database = {.url = url},
                       .quiet_period = quiet,
                       .deaf_period = absl::Milliseconds(10)}),
        subscription(notifications.Subscribe(kChannel, heard.Wake())) {
    notifications.Start();
  }

  // The first wake-up says that the channel is heard.
  bool AwaitListening() const { return heard.Await("") && notifications.listening(); }

  // Each connection begins with a wake-up.
  bool AwaitListeningAgain() const {
    const absl::Time end = absl::Now() + kPatience;
    while (!notifications.listening() && absl::Now() < end) std::this_thread::yield();
    return notifications.listening();
  }

  Heard heard;
  Notifications notifications;
  std::unique_ptr<Notifications::Subscription> subscription;
};

class NotificationsTest : public ::testing::Test {
 protected:
  // As an operator, or an accident, ends all sessions that listen.
  void EndListeners() const {
    database_.Run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  ScratchDatabase database_;
};

TEST_F(NotificationsTest, WakesTheOtherProcesses) {
  Process here(database_.url());
  Process there(database_.url());
  ASSERT_TRUE(there.AwaitListening());
  here.notifications.Announce(kChannel, "room 1");
  EXPECT_TRUE(there.heard.Await("room 1"));
}

TEST_F(NotificationsTest, WakesTheOwnProcessAtOnceAndOnce) {
  Process here(database_.url());
  Process there(database_.url());
  ASSERT_TRUE(here.AwaitListening());
  ASSERT_TRUE(there.AwaitListening());
  here.notifications.Announce(kChannel, "room 1");
  EXPECT_EQ(here.heard.Times("room 1"), 1);
  // When it has come back from the database, the other one's has as well.
  there.notifications.Announce(kChannel, "room 2");
  EXPECT_TRUE(here.heard.Await("room 2"));
  EXPECT_EQ(here.heard.Times("room 1"), 1);
}

TEST_F(NotificationsTest, HearsWhatATransactionAnnouncesByItself) {
  Process here(database_.url());
  ASSERT_TRUE(here.AwaitListening());
  database_.Run(absl::StrCat("SELECT pg_notify('", kChannel, "', 'by hand')"));
  EXPECT_TRUE(here.heard.Await("by hand"));
}

TEST_F(NotificationsTest, PayloadsAreTextAndNoSql) {
  Process here(database_.url());
  Process there(database_.url());
  ASSERT_TRUE(there.AwaitListening());
  const std::string odd = "a'); DROP TABLE x; --\\ \"\xC3\xA4";
  here.notifications.Announce(kChannel, odd);
  EXPECT_TRUE(there.heard.Await(odd));
}

TEST_F(NotificationsTest, SaysToLookEverywhereWhenTheConnectionWasLost) {
  Process here(database_.url());
  ASSERT_TRUE(here.AwaitListening());
  const int before = here.heard.Times("");
  EndListeners();
  EXPECT_TRUE(here.heard.Await("", before + 1));
}

TEST_F(NotificationsTest, HearsAgainAfterTheConnectionWasLost) {
  Process here(database_.url());
  Process there(database_.url());
  ASSERT_TRUE(there.AwaitListening());
  const int before = there.heard.Times("");
  EndListeners();
  ASSERT_TRUE(there.heard.Await("", before + 1));
  ASSERT_TRUE(there.AwaitListeningAgain());
  here.notifications.Announce(kChannel, "again");
  EXPECT_TRUE(there.heard.Await("again"));
}

TEST_F(NotificationsTest, WhatIsAnnouncedWithoutADatabaseIsSentWhenItIsBack) {
  StallingProxy proxy(database_.url());
  Process here(proxy.url());
  Process there(database_.url());
  ASSERT_TRUE(here.AwaitListening());
  ASSERT_TRUE(there.AwaitListening());
  proxy.Hold();
  here.notifications.Announce(kChannel, "late");
  proxy.Forget();
  proxy.Go();
  EXPECT_TRUE(there.heard.Await("late"));
}

TEST_F(NotificationsTest, SaysToLookNowAndThenWhileThereIsNoDatabase) {
  Process here("host=/no/such/folder");
  EXPECT_TRUE(here.heard.Await("", 5));
  EXPECT_FALSE(here.notifications.listening());
}

TEST_F(NotificationsTest, SaysToLookNowAndThenWhileAllIsWell) {
  Process here(database_.url(), absl::Milliseconds(5));
  EXPECT_TRUE(here.heard.Await("", 5));
}

TEST_F(NotificationsTest, WhatCannotWaitAnyMoreBecomesALookEverywhere) {
  Notifications deaf({.database = {.url = "host=/no/such/folder"}});
  for (size_t i = 0; i < Notifications::kMostWaiting + 10; ++i) {
    deaf.Announce(kChannel, absl::StrCat("room ", i));
  }
  EXPECT_EQ(deaf.waiting(), Notifications::kMostWaiting + 1);
}

TEST_F(NotificationsTest, SubscribesWhileItListens) {
  Process here(database_.url());
  Process there(database_.url());
  ASSERT_TRUE(here.AwaitListening());
  Heard later;
  const auto subscription = there.notifications.Subscribe("usher_later", later.Wake());
  ASSERT_TRUE(later.Await(""));
  here.notifications.Announce("usher_later", "news");
  EXPECT_TRUE(later.Await("news"));
  EXPECT_EQ(there.heard.Times("news"), 0);
}

TEST_F(NotificationsTest, ASubscriptionThatHasEndedIsNotCalled) {
  Process here(database_.url());
  Heard gone;
  here.notifications.Subscribe(kChannel, gone.Wake()).reset();
  here.notifications.Announce(kChannel, "room 1");
  EXPECT_EQ(here.heard.Times("room 1"), 1);
  EXPECT_EQ(gone.Times("room 1"), 0);
}

// For ThreadSanitizer: everything at once.
TEST_F(NotificationsTest, ThreadsAnnounceSubscribeAndLeaveAtOnce) {
  Process here(database_.url(), absl::Milliseconds(1));
  Process there(database_.url(), absl::Milliseconds(1));
  ASSERT_TRUE(there.AwaitListening());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        Heard heard;
        const auto subscription = there.notifications.Subscribe(kChannel, heard.Wake());
        here.notifications.Announce(kChannel, absl::StrCat(t, " ", i));
        there.notifications.Announce(kChannel, absl::StrCat(t, " ", i));
      }
      here.notifications.Announce(kChannel, absl::StrCat("last of ", t));
    });
  }
  EndListeners();
  for (std::thread& thread : threads) thread.join();
  here.notifications.Announce(kChannel, "after all");
  EXPECT_TRUE(here.heard.Await("after all"));
}

}  // namespace notifications_test
}  // namespace usher::db
