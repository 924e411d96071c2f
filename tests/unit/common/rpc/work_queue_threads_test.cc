// When threads of a queue begin, how, and what is said where none can.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "common/base/log.h"
#include "common/rpc/lane/work_queue.h"
#include "tests/unit/common/rpc/blocker.h"

namespace usher::rpc {
namespace work_queue_threads_test {

// The system has no more threads, until it ends: their stacks would be larger than all memory.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_getattr_default_np(&huge);
    pthread_attr_setstacksize(&huge, size_t{1} << 47);
    pthread_setattr_default_np(&huge);
    pthread_attr_destroy(&huge);
  }
  ~NoMoreThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;

 private:
  pthread_attr_t before_;
};

// What `deed` writes into the log.
std::string LogOf(const std::function<void()>& deed) {
  log::Flush();
  ::testing::internal::CaptureStdout();
  deed();
  log::Flush();
  return ::testing::internal::GetCapturedStdout();
}

size_t LinesWith(absl::string_view part, const std::string& log) {
  size_t lines = 0;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    lines += absl::StrContains(line, part) ? 1 : 0;
  }
  return lines;
}

TEST(WorkQueueThreads, AThreadBeginsWhenTheOthersAreBusy) {
  WorkQueue queue("test", 3, 4);
  EXPECT_EQ(queue.threads(), 0u);
  Blocker first(queue);
  EXPECT_EQ(queue.threads(), 2u);
  Blocker second(queue);
  Blocker third(queue);
  EXPECT_EQ(queue.threads(), 3u);
  first.Release();
  second.Release();
  third.Release();
}

TEST(WorkQueueThreads, AsManyThreadsBeginAtOnceAsThereIsWorkFor) {
  std::atomic<int> begun{0};
  absl::Notification second_goes_on;
  absl::Notification others_go_on;
  absl::Notification second_works;
  WorkQueue queue("test", 16, 16, {.begin_thread = [&] {
                    const int number = ++begun;
                    if (number == 2) second_goes_on.WaitForNotification();
                    if (number > 2) others_go_on.WaitForNotification();
                  }});
  Blocker first(queue);
  ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&](absl::Status) { second_works.Notify(); }));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [](absl::Status) {}));
  }
  second_goes_on.Notify();
  second_works.WaitForNotification();
  EXPECT_EQ(queue.threads(), 2u + 5u);
  others_go_on.Notify();
  first.Release();
}

TEST(WorkQueueThreads, JobsOneAfterTheOtherDoNotTakeAllThreads) {
  WorkQueue queue("test", 16, 4);
  for (int i = 0; i < 100; ++i) {
    absl::Notification done;
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&done](absl::Status) { done.Notify(); }));
    done.WaitForNotification();
  }
  // Some: one whose job is done may not be free yet.
  EXPECT_LT(queue.threads(), 16u);
}

TEST(WorkQueueThreads, WhatIsQueuedAtTheEndMayWaitForEachOther) {
  absl::Notification second_runs;
  {
    WorkQueue queue("test", 2, 4);
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(),
                             [&](absl::Status) { second_runs.WaitForNotification(); }));
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&](absl::Status) { second_runs.Notify(); }));
  }
  EXPECT_TRUE(second_runs.HasBeenNotified());
}

TEST(WorkQueueThreads, EveryThreadBeginsAsItsStyleSays) {
  std::atomic<int> begun{0};
  {
    WorkQueue queue("test", 3, 4, {.begin_thread = [&begun] { ++begun; }});
    Blocker first(queue);
    Blocker second(queue);
    Blocker third(queue);
    first.Release();
    second.Release();
    third.Release();
  }
  EXPECT_EQ(begun, 3);
}

TEST(WorkQueueThreads, ThatNoFurtherThreadBeginsIsSaidOnceInAWhile) {
  int done = 0;
  const std::string log = LogOf([&done] {
    WorkQueue queue("test", 3, 4);
    // The first thread is there, and the second where it asked for one before there were none.
    Blocker(queue).Release();
    const NoMoreThreads none;
    for (int i = 0; i < 20; ++i) {
      Blocker first(queue);
      Blocker second(queue);
      ++done;
      first.Release();
      second.Release();
    }
  });
  EXPECT_EQ(done, 20);
  EXPECT_EQ(LinesWith("no further thread", log), 1u);
}

TEST(WorkQueueThreads, ThatNoThreadBeginsAtAllIsSaidOnceInAWhile) {
  const std::string log = LogOf([] {
    WorkQueue queue("test", 3, 4);
    {
      const NoMoreThreads none;
      for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(queue.TryAdd(absl::InfiniteFuture(), [](absl::Status) {}));
      }
      EXPECT_EQ(queue.refused(), 20u);
    }
    Blocker(queue).Release();
  });
  EXPECT_EQ(LinesWith("no thread", log), 1u);
}

}  // namespace work_queue_threads_test
}  // namespace usher::rpc
