#include "common/rpc/peer/bulkhead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/status/reply_error.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace bulkhead_test {

constexpr int kTimeouts = 3;

class BulkheadTest : public ::testing::Test {
 protected:
  static BulkheadOptions Options() {
    return {.most = 2,
            .patience = absl::ZeroDuration(),
            .timeouts = kTimeouts,
            .pause = absl::Seconds(2),
            .fair_time = absl::Milliseconds(500)};
  }
  absl::StatusOr<Bulkhead::Place> Enter() { return bulkhead_.Enter(absl::InfiniteFuture()); }
  // A call that waited for `waited` in vain.
  void TimeOut(absl::Duration waited = absl::Seconds(1)) {
    auto place = Enter();
    ASSERT_OK(place);
    clock_.Advance(waited);
    place->TimedOut();
  }
  void Answer() {
    auto place = Enter();
    ASSERT_OK(place);
    place->Answered();
  }
  void Shut() {
    for (int i = 0; i < kTimeouts; ++i) TimeOut();
  }
  bool IsShut() { return absl::IsUnavailable(Enter().status()); }

  FakeClock clock_;
  Bulkhead bulkhead_{"the auth service", Options(), clock_};
};

TEST_F(BulkheadTest, WhoComesWhenAllPlacesAreTakenIsRefused) {
  auto first = Enter();
  auto second = Enter();
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_EQ(bulkhead_.inside(), 2u);
  EXPECT_THAT(Enter().status(), IsUndecided(absl::StatusCode::kResourceExhausted));
}

TEST_F(BulkheadTest, APlaceIsFreeAgainWhenTheCallHasEnded) {
  for (int round = 0; round < 3; ++round) {
    auto first = Enter();
    auto second = Enter();
    EXPECT_OK(first);
    EXPECT_OK(second);
  }
  EXPECT_EQ(bulkhead_.inside(), 0u);
}

TEST_F(BulkheadTest, WhoHasPatienceGetsThePlaceOfWhoGoes) {
  BulkheadOptions options = Options();
  options.most = 1;
  options.patience = absl::Seconds(60);
  Bulkhead bulkhead("the auth service", options, clock_);
  auto first = bulkhead.Enter(absl::InfiniteFuture());
  ASSERT_OK(first);
  auto held = std::make_unique<Bulkhead::Place>(*std::move(first));
  absl::Status second;
  std::thread waiting([&] { second = bulkhead.Enter(absl::InfiniteFuture()).status(); });
  held.reset();
  waiting.join();
  EXPECT_OK(second);
}

TEST_F(BulkheadTest, NobodyWaitsLongerThanItsDeadline) {
  BulkheadOptions options = Options();
  options.most = 1;
  options.patience = absl::Hours(1);
  Bulkhead bulkhead("the auth service", options, clock_);
  const auto held = bulkhead.Enter(absl::InfiniteFuture());
  EXPECT_THAT(bulkhead.Enter(clock_.Now()).status(),
              IsUndecided(absl::StatusCode::kResourceExhausted));
}

TEST_F(BulkheadTest, AfterTimeOutsInARowNobodyIsLetIn) {
  for (int i = 0; i < kTimeouts - 1; ++i) TimeOut();
  EXPECT_FALSE(IsShut());
  TimeOut();
  EXPECT_EQ(Enter().status(), Unreachable("the auth service"));
}

TEST_F(BulkheadTest, AnAnswerInBetweenBeginsTheRowAgain) {
  for (int i = 0; i < kTimeouts - 1; ++i) TimeOut();
  Answer();
  for (int i = 0; i < kTimeouts - 1; ++i) TimeOut();
  EXPECT_FALSE(IsShut());
}

TEST_F(BulkheadTest, ClientsWithShortDeadlinesShutTheDoorForNobody) {
  for (int i = 0; i < 10 * kTimeouts; ++i) TimeOut(absl::Milliseconds(499));
  EXPECT_FALSE(IsShut());
}

TEST_F(BulkheadTest, WhatEndedWithoutAWordCountsAsNeither) {
  for (int i = 0; i < kTimeouts - 1; ++i) TimeOut();
  EXPECT_OK(Enter());
  TimeOut();
  EXPECT_TRUE(IsShut());
}

TEST_F(BulkheadTest, AfterThePauseOneCallTriesAndItsAnswerOpensTheDoor) {
  Shut();
  clock_.Advance(absl::Milliseconds(1999));
  EXPECT_TRUE(IsShut());
  clock_.Advance(absl::Milliseconds(1));
  {
    auto probe = Enter();
    ASSERT_OK(probe);
    EXPECT_TRUE(IsShut());
    probe->Answered();
  }
  EXPECT_OK(Enter());
}

TEST_F(BulkheadTest, AProbeThatTimesOutShutsTheDoorForAnotherPause) {
  Shut();
  clock_.Advance(absl::Seconds(2));
  TimeOut();
  EXPECT_TRUE(IsShut());
  clock_.Advance(absl::Seconds(2));
  Answer();
  EXPECT_FALSE(IsShut());
}

TEST_F(BulkheadTest, AProbeThatEndsWithoutAWordLeavesItToTheNext) {
  Shut();
  clock_.Advance(absl::Seconds(2));
  EXPECT_OK(Enter());
  EXPECT_OK(Enter());
}

TEST_F(BulkheadTest, TheAnswerOfACallFromBeforeOpensTheDoorToo) {
  BulkheadOptions options = Options();
  options.most = 10;
  Bulkhead bulkhead("the auth service", options, clock_);
  auto old = bulkhead.Enter(absl::InfiniteFuture());
  ASSERT_OK(old);
  auto answered = std::make_unique<Bulkhead::Place>(*std::move(old));
  for (int i = 0; i < kTimeouts; ++i) {
    auto place = bulkhead.Enter(absl::InfiniteFuture());
    ASSERT_OK(place);
    clock_.Advance(absl::Seconds(1));
    place->TimedOut();
  }
  EXPECT_FALSE(bulkhead.Enter(absl::InfiniteFuture()).ok());
  answered->Answered();
  answered.reset();
  EXPECT_OK(bulkhead.Enter(absl::InfiniteFuture()));
}

TEST_F(BulkheadTest, ShowsWhoWaitsWhoWasRefusedAndWhetherTheDoorIsShut) {
  prometheus::Registry registry;
  BulkheadOptions options = Options();
  options.registry = &registry;
  Bulkhead bulkhead("the auth service", options, clock_);
  const auto shown = [&] {
    std::map<std::string, double> values;
    for (const auto& family : registry.Collect()) {
      values[family.name] = family.metric[0].gauge.value + family.metric[0].counter.value;
    }
    return values;
  };
  {
    const auto first = bulkhead.Enter(absl::InfiniteFuture());
    const auto second = bulkhead.Enter(absl::InfiniteFuture());
    EXPECT_FALSE(bulkhead.Enter(absl::InfiniteFuture()).ok());
    EXPECT_THAT(shown(), ::testing::UnorderedElementsAre(
                             ::testing::Pair("usher_dependency_waiting", 2),
                             ::testing::Pair("usher_dependency_shut", 0),
                             ::testing::Pair("usher_dependency_refused_total", 1)));
  }
  for (int i = 0; i < kTimeouts; ++i) {
    auto place = bulkhead.Enter(absl::InfiniteFuture());
    ASSERT_OK(place);
    clock_.Advance(absl::Seconds(1));
    place->TimedOut();
  }
  EXPECT_EQ(shown()["usher_dependency_shut"], 1);
  EXPECT_EQ(shown()["usher_dependency_waiting"], 0);
}

}  // namespace bulkhead_test
}  // namespace usher::rpc
