#include "common/rpc/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace {

// Keeps one thread of the queue busy until it is let go.
class Blocker {
 public:
  explicit Blocker(WorkQueue& queue) {
    EXPECT_TRUE(queue.TryAdd(absl::InfiniteFuture(), [this](absl::Status) {
      begun_.Notify();
      released_.WaitForNotification();
    }));
    begun_.WaitForNotification();
  }
  void Release() { released_.Notify(); }

 private:
  absl::Notification begun_;
  absl::Notification released_;
};

TEST(WorkQueue, DoesWhatItIsGivenInOrder) {
  std::vector<int> done;
  {
    WorkQueue queue("test", 1, 100);
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
    WorkQueue queue("test", 2, 100);
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

}  // namespace
}  // namespace usher::rpc
