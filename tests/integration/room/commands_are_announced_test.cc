// Commands for engines between replicas: one writes them, another one has the engine's stream.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/db/notifications.h"
#include "common/db/transaction.h"
#include "services/room/engine/command_feed.h"
#include "services/room/engine/command_log.h"
#include "services/room/engine/pg_engine_store.h"
#include "services/room/feed/db_wakeup.h"
#include "services/room/migrations.h"
#include "tests/support/a_caller.h"
#include "tests/support/contracts/engine_store_fixture.h"
#include "tests/support/fake_wakeup.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace commands_are_announced_test {

constexpr absl::Duration kLifetime = absl::Seconds(90);
constexpr absl::Duration kPatience = absl::Seconds(20);  // sanitizers on a busy machine
constexpr absl::Duration kNever = absl::Hours(1);

// An engine's stream, on which a test waits.
class AwaitedSink final : public CommandSink {
 public:
  void Open() override {}
  bool Send(const Command& command) override {
    const absl::MutexLock lock(&mutex_);
    users_.insert(command.order.user);
    return true;
  }
  void Close(const absl::Status&) override {}
  bool closed() const override { return false; }

  bool Await(const UserId& user) {
    const absl::MutexLock lock(&mutex_);
    const auto is_there = [&] {
      mutex_.AssertReaderHeld();
      return users_.contains(user);
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&is_there), kPatience);
  }

 private:
  absl::Mutex mutex_;
  std::set<UserId> users_ ABSL_GUARDED_BY(mutex_);
};

// A room server, as far as commands go.
class Replica {
 public:
  Replica(ScratchDatabase& database, absl::Duration quiet_period)
      : notifications_({.database = {.url = database.url()},
                        .quiet_period = quiet_period,
                        .deaf_period = kNever}),
        wakeup_(notifications_, "engine_commands"),
        log_(kLifetime, wakeup_),
        store_(database.pool(), kLifetime),
        feed_(store_, BootClock::Get(), {.patience = kNever}, nullptr),
        wakes_(wakeup_.Wake(feed_.feed())) {
    notifications_.Start();
    feed_.Start();
    EXPECT_OK(feed_.Add(kAcme, kEngine, sink_));
  }

  CommandLog& log() { return log_; }
  AwaitedSink& sink() { return *sink_; }

 private:
  const std::shared_ptr<AwaitedSink> sink_ = std::make_shared<AwaitedSink>();
  db::Notifications notifications_;
  DbWakeup wakeup_;
  CommandLog log_;
  PgEngineStore store_;
  CommandFeed feed_;
  const std::unique_ptr<db::Notifications::Subscription> wakes_;
};

class CommandsAreAnnouncedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_.Run(
        "INSERT INTO room_presence (company_id, engine_id, room_id, occupants, active, passive, "
        "reported_at) VALUES ('acme', 'engine-1', gen_random_uuid(), '', 0, 0, now())");
  }
  UserId PutSomebodyOut(CommandLog& log) {
    const UserId user(NewUuid());
    EXPECT_OK(db::InTransaction(ACall(), database_.pool(), [&](db::Transaction& tx) {
      return log.Forgotten(tx, kAcme, user);
    }));
    return user;
  }
  // Until this replica's feed is awake and hears the others.
  void AwaitListening(Replica& replica, CommandLog& other) {
    ASSERT_TRUE(replica.sink().Await(PutSomebodyOut(other)));
  }

  ScratchDatabase database_{Migrations()};
  FakeWakeup lost_;
  CommandLog unheard_{kLifetime, lost_};
};

TEST_F(CommandsAreAnnouncedTest, TheReplicaThatHasTheEngineSendsWhatAnyReplicaWrote) {
  Replica here(database_, kNever);
  Replica there(database_, kNever);
  AwaitListening(there, there.log());
  AwaitListening(there, here.log());
  // More often than it looks without being called.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(there.sink().Await(PutSomebodyOut(here.log())));
}

TEST_F(CommandsAreAnnouncedTest, WhatWasNotAnnouncedIsSentWithTheNextLook) {
  Replica there(database_, absl::Milliseconds(5));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(there.sink().Await(PutSomebodyOut(unheard_)));
}

TEST_F(CommandsAreAnnouncedTest, WhatWasNotHeardIsSentWhenTheConnectionIsThereAgain) {
  Replica there(database_, kNever);
  AwaitListening(there, there.log());
  const UserId user = PutSomebodyOut(unheard_);
  database_.Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  EXPECT_TRUE(there.sink().Await(user));
}

}  // namespace commands_are_announced_test
}  // namespace usher::room
