#include "common/rpc/lane/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace work_queue_test {

// Keeps one thread of the queue busy until it is let go. That thread may still be on its way out of
// the wait when the blocker is gone.
class Blocker {
 public:
  explicit Blocker(WorkQueue& queue) {
    EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [state = state_](absl::Status) {
      state->begun.Notify();
      state->released.WaitForNotification();
    }));
    state_->begun.WaitForNotification();
  }
  void Release() { state_->released.Notify(); }

 private:
  struct State {
    absl::Notification begun;
    absl::Notification released;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

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

TEST(WorkQueue, DoesWhatItIsGivenInOrder) {
  std::vector<int> done;
  {
    WorkQueue queue("test", 1, 200);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&done, i](absl::Status status) {
        EXPECT_OK(status);
        done.push_back(i);
      }));
    }
  }
  ASSERT_EQ(done.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<size_t>(i)], i);
}

TEST(WorkQueue, RefusesWhatDoesNotFit) {
  std::atomic<int> calls{0};
  WorkQueue queue("test", 1, 2);
  Blocker blocker(queue);
  const auto job = [&calls](absl::Status) { ++calls; };
  EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), job));
  EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), job));
  EXPECT_EQ(queue.waiting(), 2u);
  EXPECT_FALSE(queue.TryAdd(absl::InfiniteFuture(), job));
  EXPECT_EQ(calls, 0);
  blocker.Release();
}

TEST(WorkQueue, TellsAJobWhoseTimeWasUpWhileItWaited) {
  absl::Notification told;
  WorkQueue queue("test", 1, 2);
  ASSERT_TRUE(queue.TryAdd(absl::Now() - absl::Seconds(1), [&told](absl::Status status) {
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
    told.Notify();
  }));
  told.WaitForNotification();
}

TEST(WorkQueue, DoesEverythingThatIsQueuedBeforeItEnds) {
  std::atomic<int> calls{0};
  {
    WorkQueue queue("test", 2, 200);
    Blocker first(queue);
    Blocker second(queue);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&calls](absl::Status) { ++calls; }));
    }
    EXPECT_EQ(calls, 0);
    first.Release();
    second.Release();
  }
  EXPECT_EQ(calls, 100);
}

TEST(WorkQueue, CallsEveryJobOnceWhateverItsThreadsDo) {
  constexpr int kJobs = 2000;
  std::vector<std::atomic<int>> calls(kJobs);
  std::atomic<int> refused{0};
  {
    WorkQueue queue("test", 4, 16);
    std::vector<std::thread> givers;
    for (int t = 0; t < 4; ++t) {
      givers.emplace_back([&, t] {
        for (int i = t; i < kJobs; i += 4) {
          std::atomic<int>& mine = calls[static_cast<size_t>(i)];
          if (!queue.TryAdd(absl::InfiniteFuture(), [&mine](absl::Status) { ++mine; })) {
            ++refused;
            ++mine;
          }
        }
      });
    }
    for (std::thread& giver : givers) giver.join();
  }
  for (const auto& count : calls) EXPECT_EQ(count, 1);
  EXPECT_LT(refused, kJobs);
}

TEST(WorkQueue, RunsAsManyAtOnceAsItHasThreads) {
  WorkQueue queue("test", 2, 2);
  Blocker first(queue);
  Blocker second(queue);  // begins while the first still runs
  first.Release();
  second.Release();
}

TEST(WorkQueue, GivesItsRunnerAllThatWaitUpToABound) {
  std::vector<size_t> sizes;
  int runners = 0;
  WorkStyle style;
  style.at_once = 4;
  style.make_runner = [&]() -> WorkStyle::Runner {
    ++runners;
    return [&sizes](const std::vector<std::function<void()>>& jobs) {
      sizes.push_back(jobs.size());
      for (const auto& job : jobs) job();
    };
  };
  std::atomic<int> calls{0};
  {
    WorkQueue queue("test", 1, 100, style);
    Blocker blocker(queue);
    for (int i = 0; i < 10; ++i) {
      EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&calls](absl::Status) { ++calls; }));
    }
    blocker.Release();
  }
  EXPECT_EQ(calls, 10);
  EXPECT_EQ(runners, 1);
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 4, 4, 2}));
}

TEST(WorkQueue, EveryThreadTakesItsShareOfWhatIsHere) {
  absl::Mutex mutex;
  std::vector<size_t> sizes;
  WorkStyle style;
  style.at_once = 16;
  style.make_runner = [&]() -> WorkStyle::Runner {
    return [&](const std::vector<std::function<void()>>& jobs) {
      {
        const absl::MutexLock lock(&mutex);
        sizes.push_back(jobs.size());
      }
      for (const auto& job : jobs) job();
    };
  };
  {
    WorkQueue queue("test", 2, 100, style);
    Blocker first(queue);
    Blocker second(queue);
    for (int i = 0; i < 6; ++i) {
      EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [](absl::Status) {}));
    }
    first
        .Release();  // 7 are here now, 6 that wait and the second blocker: 4 for one of two threads
    const auto are_done = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex) { return sizes.size() >= 4; };
    const absl::MutexLock lock(&mutex, absl::Condition(&are_done));
    EXPECT_EQ(sizes[2], 4u);
    second.Release();
  }
}

TEST(WorkQueue, AThreadBeginsWhenTheOthersAreBusy) {
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

TEST(WorkQueue, AsManyThreadsBeginAtOnceAsThereIsWorkFor) {
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

TEST(WorkQueue, JobsOneAfterTheOtherDoNotTakeAllThreads) {
  WorkQueue queue("test", 16, 4);
  for (int i = 0; i < 100; ++i) {
    absl::Notification done;
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&done](absl::Status) { done.Notify(); }));
    done.WaitForNotification();
  }
  // Some: one whose job is done may not be free yet.
  EXPECT_LT(queue.threads(), 16u);
}

TEST(WorkQueue, WhatIsQueuedAtTheEndMayWaitForEachOther) {
  absl::Notification second_runs;
  {
    WorkQueue queue("test", 2, 4);
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(),
                             [&](absl::Status) { second_runs.WaitForNotification(); }));
    ASSERT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [&](absl::Status) { second_runs.Notify(); }));
  }
  EXPECT_TRUE(second_runs.HasBeenNotified());
}

TEST(WorkQueue, EveryThreadBeginsAsItsStyleSays) {
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

TEST(WorkQueue, ThatNoFurtherThreadBeginsIsSaidOnceInAWhile) {
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

TEST(WorkQueue, ThatNoThreadBeginsAtAllIsSaidOnceInAWhile) {
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

}  // namespace work_queue_test
}  // namespace usher::rpc
