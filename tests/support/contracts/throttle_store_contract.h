// What every ThrottleStore must do. Instantiated with a fixture that has
//   ThrottleStore& store();
//   ThrottleStore& replica();       // the same counts by other means
//   void Pass(absl::Duration time); // lets the database's clock go on
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/status/try.h"
#include "services/auth/throttle/guess_throttle.h"
#include "services/auth/throttle/throttle_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class ThrottleStoreContract : public Fixture {
 protected:
  static GuessKeys NewKeys() {
    return {
        .company = CompanyId("acme"), .pair = NewUuid(), .account = NewUuid(), .source = NewUuid()};
  }
  GuessState Read(const GuessKeys& keys) {
    const auto state = this->store().Read(ACall(), keys);
    EXPECT_OK(state);
    return state.value_or(GuessState());
  }
  absl::Status Count(ThrottleStore& store, const GuessKeys& keys) {
    return store.Change(ACall(), keys,
                        [this](const GuessState& state) -> absl::StatusOr<GuessState> {
                          const absl::Duration wait = WaitFor(state, limits_);
                          if (wait > absl::ZeroDuration()) return TooManyGuesses(wait);
                          return CountedForSource(Counted(state, limits_), limits_);
                        });
  }

  GuessLimits limits_;
};

TYPED_TEST_SUITE_P(ThrottleStoreContract);

TYPED_TEST_P(ThrottleStoreContract, WhatWasNeverCountedReadsAsNothing) {
  const GuessState state = this->Read(this->NewKeys());
  EXPECT_EQ(state.pair.failures, 0);
  EXPECT_FALSE(state.pair.free_at.has_value());
  EXPECT_FALSE(state.account.free_at.has_value());
  EXPECT_FALSE(state.source.free_at.has_value());
  EXPECT_GT(state.read_at, absl::UnixEpoch());
}

TYPED_TEST_P(ThrottleStoreContract, WhatIsCountedIsReadByAnotherReplica) {
  const GuessKeys keys = this->NewKeys();
  ASSERT_OK(this->Count(this->store(), keys));
  ASSERT_OK(this->Count(this->replica(), keys));
  const GuessState state = this->Read(keys);
  EXPECT_EQ(state.pair.failures, 2);
  EXPECT_FALSE(state.pair.right_at.has_value());
  EXPECT_GT(*state.account.free_at, state.read_at + absl::Minutes(2));
  EXPECT_GT(*state.source.free_at, state.read_at + absl::Seconds(20));
}

TYPED_TEST_P(ThrottleStoreContract, ASourceIsTheSameForAllCompaniesAndAnAccountIsNot) {
  const GuessKeys keys = this->NewKeys();
  ASSERT_OK(this->Count(this->store(), keys));
  GuessKeys elsewhere = keys;
  elsewhere.company = CompanyId("beta");
  const GuessState state = this->Read(elsewhere);
  EXPECT_EQ(state.pair.failures, 0);
  EXPECT_FALSE(state.account.free_at.has_value());
  EXPECT_TRUE(state.source.free_at.has_value());
}

TYPED_TEST_P(ThrottleStoreContract, ARuleThatFailsChangesNothing) {
  const GuessKeys keys = this->NewKeys();
  const auto refuse = [](const GuessState&) -> absl::StatusOr<GuessState> {
    return TooManyGuesses(absl::Seconds(1));
  };
  EXPECT_THAT(this->store().Change(ACall(), keys, refuse), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(this->Read(keys).pair.failures, 0);
}

TYPED_TEST_P(ThrottleStoreContract, WhatHasNoKeyIsNotKept) {
  GuessKeys keys = this->NewKeys();
  keys.source.clear();
  ASSERT_OK(this->Count(this->store(), keys));
  EXPECT_EQ(this->Read(keys).pair.failures, 1);
  GuessKeys source;
  source.source = NewUuid();
  ASSERT_OK(this->Count(this->store(), source));
  EXPECT_TRUE(this->Read(source).source.free_at.has_value());
  EXPECT_OK(this->store().Change(ACall(), GuessKeys(), [](const GuessState& state) {
    return absl::StatusOr<GuessState>(state);
  }));
}

TYPED_TEST_P(ThrottleStoreContract, WhoGotInIsRememberedToTheMicrosecond) {
  const GuessKeys keys = this->NewKeys();
  absl::Time when;
  ASSERT_OK(this->store().Change(ACall(), keys,
                                 [&](const GuessState& state) -> absl::StatusOr<GuessState> {
                                   when = state.read_at;
                                   return Right(state, false, this->limits_);
                                 }));
  EXPECT_EQ(this->Read(keys).pair.right_at, when);
}

// L2: 100 guesses at once over two replicas, of which the limit lets ten through.
TYPED_TEST_P(ThrottleStoreContract, GuessesAtOnceAreCountedExactly) {
  this->limits_.free_guesses = 0;
  this->limits_.account_guesses = 10;
  this->limits_.source_guesses = 0;
  const GuessKeys keys = this->NewKeys();
  std::atomic<int> admitted{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> guessers;
  for (int i = 0; i < 10; ++i) {
    guessers.emplace_back([&, i] {
      ThrottleStore& store = i % 2 == 0 ? this->store() : this->replica();
      for (int j = 0; j < 10; ++j) {
        const absl::Status counted = this->Count(store, keys);
        if (counted.ok()) ++admitted;
        if (ReplyCodeOf(counted) == ::common::QUOTA_EXCEEDED) ++refused;
      }
    });
  }
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(admitted, 10);
  EXPECT_EQ(refused, 90);
}

TYPED_TEST_P(ThrottleStoreContract, WhatSaysNothingAnyMoreIsForgotten) {
  const GuessKeys keys = this->NewKeys();
  ASSERT_OK(this->Count(this->store(), keys));
  this->Pass(absl::Hours(23));
  while (*this->store().Forget(ACall(), 1000)) {
  }
  const GuessState state = this->Read(keys);
  EXPECT_EQ(state.pair.failures, 1);
  EXPECT_FALSE(state.account.free_at.has_value());
  EXPECT_FALSE(state.source.free_at.has_value());
  this->Pass(absl::Hours(2));
  while (*this->store().Forget(ACall(), 1000)) {
  }
  EXPECT_EQ(this->Read(keys).pair.failures, 0);
}

// A flood of names and addresses cannot grow the table beyond its bound, and pushes out nobody who
// got in.
TYPED_TEST_P(ThrottleStoreContract, BeyondTheBoundGoesWhatWouldBeForgottenFirst) {
  const GuessKeys owner = this->NewKeys();
  ASSERT_OK(this->store().Change(ACall(), owner, [&](const GuessState& state) {
    return absl::StatusOr<GuessState>(Right(state, false, this->limits_));
  }));
  for (int i = 0; i < 20; ++i) ASSERT_OK(this->Count(this->store(), this->NewKeys()));
  while (*this->store().Forget(ACall(), 10)) {
  }
  EXPECT_TRUE(this->Read(owner).pair.right_at.has_value());
  while (*this->store().Forget(ACall(), 0)) {
  }
  EXPECT_FALSE(this->Read(owner).pair.right_at.has_value());
}

REGISTER_TYPED_TEST_SUITE_P(ThrottleStoreContract, WhatWasNeverCountedReadsAsNothing,
                            WhatIsCountedIsReadByAnotherReplica,
                            ASourceIsTheSameForAllCompaniesAndAnAccountIsNot,
                            ARuleThatFailsChangesNothing, WhatHasNoKeyIsNotKept,
                            WhoGotInIsRememberedToTheMicrosecond, GuessesAtOnceAreCountedExactly,
                            WhatSaysNothingAnyMoreIsForgotten,
                            BeyondTheBoundGoesWhatWouldBeForgottenFirst);

}  // namespace usher::auth
