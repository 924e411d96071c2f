#include "common/rpc/lane/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/common/rpc/blocker.h"

namespace usher::rpc {
namespace work_queue_test {

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

}  // namespace work_queue_test
}  // namespace usher::rpc
