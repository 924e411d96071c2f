// Who gets a place in a queue, and whose turn it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/lane/work_queue.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace work_queue_fairness_test {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// A queue with one thread, which does nothing until it is let go.
class HeldQueue {
 public:
  explicit HeldQueue(size_t capacity, WorkStyle style = {})
      : queue_(std::make_unique<WorkQueue>("test", 1, capacity, std::move(style))) {
    EXPECT_TRUE(queue_->TryAdd(absl::InfiniteFuture(), [this](absl::Status) {
      begun_.Notify();
      released_.WaitForNotification();
    }));
    begun_.WaitForNotification();
  }
  ~HeldQueue() { (void)Finish(); }

  WorkQueue& queue() { return *queue_; }

  bool Add(const std::string& name, const std::string& key, Standing standing = Standing::kKnown,
           absl::Time deadline = absl::InfiniteFuture()) {
    return queue_->TryAdd(
        key, deadline,
        [this, name](const absl::Status& status) {
          done_.push_back(status.ok() ? name : absl::StrCat(name, " late"));
        },
        standing);
  }
  // How many of `wanted` there was room for.
  int AddMany(int wanted, const std::string& key, Standing standing = Standing::kKnown) {
    int added = 0;
    for (int i = 0; i < wanted; ++i) added += int{Add(key, key, standing)};
    return added;
  }

  // Lets the thread go; what was done, in its order.
  std::vector<std::string> Finish() {
    if (queue_ != nullptr) {
      released_.Notify();
      queue_.reset();
    }
    return done_;
  }

 private:
  absl::Notification begun_;
  absl::Notification released_;
  std::vector<std::string> done_;
  std::unique_ptr<WorkQueue> queue_;
};

// S15.
TEST(WorkQueueFairness, ACompanyThatFillsTheQueueLeavesRoomForOthers) {
  HeldQueue held(1024);
  EXPECT_EQ(held.AddMany(3000, "busy"), 768);
  EXPECT_EQ(held.AddMany(100, "quiet"), 100);
  EXPECT_EQ(held.AddMany(10, "third"), 10);
  EXPECT_FALSE(held.Add("busy", "busy"));
  EXPECT_EQ(held.queue().refused(), 3000u - 768 + 1);
}

TEST(WorkQueueFairness, ManyThatFillTheQueueLeaveEachOtherEqualPartsAndRoomForOneMore) {
  HeldQueue held(1024);
  std::vector<int> added(4);
  for (int i = 0; i < 1000; ++i) {
    for (int company = 0; company < 4; ++company) {
      added[static_cast<size_t>(company)] += int{held.Add("", absl::StrCat("company", company))};
    }
  }
  EXPECT_THAT(added, Each(::testing::AllOf(::testing::Ge(230), ::testing::Le(240))));
  EXPECT_GE(held.AddMany(100, "another"), 50);
}

TEST(WorkQueueFairness, CompaniesTakeTurnsAndWithinOneTheFirstIsServedFirst) {
  HeldQueue held(100);
  for (const char* name : {"a1", "a2", "a3", "a4"}) EXPECT_TRUE(held.Add(name, "a"));
  for (const char* name : {"b1", "b2"}) EXPECT_TRUE(held.Add(name, "b"));
  EXPECT_TRUE(held.Add("c1", "c"));
  EXPECT_THAT(held.Finish(), ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
}

TEST(WorkQueueFairness, ABatchIsMadeOfAsManyCompaniesAsThereAre) {
  std::vector<size_t> sizes;
  WorkStyle style;
  style.at_once = 4;
  style.make_runner = [&sizes]() -> WorkStyle::Runner {
    return [&sizes](const std::vector<std::function<void()>>& jobs) {
      sizes.push_back(jobs.size());
      for (const auto& job : jobs) job();
    };
  };
  HeldQueue held(100, style);
  EXPECT_EQ(held.AddMany(6, "aaa"), 6);
  EXPECT_EQ(held.AddMany(1, "zzz"), 1);
  EXPECT_THAT(held.Finish(), ElementsAre("aaa", "zzz", "aaa", "aaa", "aaa", "aaa", "aaa"));
  EXPECT_THAT(sizes, ElementsAre(1, 4, 3));
}

TEST(WorkQueueFairness, WhatIsLateAtTheHeadCostsNobodyATurn) {
  WorkStyle style;
  std::vector<size_t> sizes;
  style.at_once = 2;
  style.make_runner = [&sizes]() -> WorkStyle::Runner {
    return [&sizes](const std::vector<std::function<void()>>& jobs) {
      sizes.push_back(jobs.size());
      for (const auto& job : jobs) job();
    };
  };
  HeldQueue held(100, style);
  const absl::Time past = absl::Now() - absl::Seconds(1);
  for (const char* name : {"x1", "x2", "x3"}) {
    EXPECT_TRUE(held.Add(name, "x", Standing::kKnown, past));
  }
  EXPECT_TRUE(held.Add("y1", "y"));
  EXPECT_TRUE(held.Add("y2", "y"));
  EXPECT_THAT(held.Finish(), ElementsAre("x1 late", "x2 late", "y1", "y2", "x3 late"));
  EXPECT_THAT(sizes, ElementsAre(1, 2));  // the one that held the thread, then both at once
}

TEST(WorkQueueFairness, WhatIsLateIsToldSoOutsideTheLock) {
  HeldQueue held(10);
  size_t waiting = 100;
  WorkQueue& queue = held.queue();
  EXPECT_TRUE(queue.TryAdd("a", absl::InfinitePast(), [&](absl::Status status) {
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
    waiting = queue.waiting();  // would never come back under the lock
  }));
  held.Finish();
  EXPECT_EQ(waiting, 0u);
}

TEST(WorkQueueFairness, KnownCallersAndStrangersTakeTurnsHoweverManyStrangersThereAre) {
  HeldQueue held(100);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(held.Add(absl::StrCat("s", i), absl::StrCat("address", i), Standing::kStranger));
  }
  EXPECT_TRUE(held.Add("k0", "company"));
  EXPECT_TRUE(held.Add("k1", "company"));
  EXPECT_THAT(held.Finish(), ElementsAre("s0", "k0", "s1", "k1", "s2", "s3"));
}

TEST(WorkQueueFairness, StrangersFromEverywhereLeaveAQuarterToWhoIsKnown) {
  HeldQueue held(100);
  int strangers = 0;
  for (int i = 0; i < 1000; ++i) {
    strangers += held.AddMany(1, absl::StrCat("address", i), Standing::kStranger);
  }
  EXPECT_EQ(strangers, 75);
  EXPECT_GE(held.AddMany(25, "company"), 18);
}

TEST(WorkQueueFairness, ASmallerCapacityHoldsForWhatComes) {
  HeldQueue held(100);
  EXPECT_EQ(held.AddMany(10, "a"), 10);
  held.queue().SetCapacity(4);
  EXPECT_FALSE(held.Add("", "b"));
  held.queue().SetCapacity(40);
  EXPECT_TRUE(held.Add("", "b"));
  EXPECT_THAT(held.Finish(), SizeIs(11));
}

TEST(WorkQueueFairness, CallsEveryJobOnceWhoeverItIsFor) {
  constexpr int kJobs = 4000;
  std::vector<std::atomic<int>> calls(kJobs);
  {
    WorkQueue queue("test", 4, 64, {.at_once = 3});
    std::vector<std::thread> givers;
    for (int t = 0; t < 4; ++t) {
      givers.emplace_back([&, t] {
        for (int i = t; i < kJobs; i += 4) {
          std::atomic<int>& mine = calls[static_cast<size_t>(i)];
          const absl::Time deadline = i % 7 == 0 ? absl::InfinitePast() : absl::InfiniteFuture();
          const Standing standing = i % 3 == 0 ? Standing::kStranger : Standing::kKnown;
          const auto job = [&mine](absl::Status) { ++mine; };
          if (!queue.TryAdd(absl::StrCat("a rather long key ", i % 11), deadline, job, standing)) {
            ++mine;
          }
        }
      });
    }
    for (std::thread& giver : givers) giver.join();
  }
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

}  // namespace work_queue_fairness_test
}  // namespace usher::rpc
