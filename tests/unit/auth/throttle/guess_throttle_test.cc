#include "services/auth/throttle/guess_throttle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/source.h"
#include "services/auth/session/sign_in_errors.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_refusals.h"
#include "tests/support/fake_throttle_store.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace guess_throttle_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class GuessThrottleTest : public ::testing::Test {
 protected:
  static Pepper TestPepper() { return Pepper({Secret(std::string(32, 'p'))}); }
  static CallContext From(const std::string& source) {
    CallContext call = ACall();
    call.source = call.peer = source;
    return call;
  }
  static Guess At(const std::string& name, bool can_be_guessed = true) {
    return {.company = CompanyId("acme"),
            .principal = name,
            .user = UserId(),
            .what = "sign-in by password",
            .can_be_guessed = can_be_guessed};
  }

  absl::Status GuessWrong(const std::string& source, const Guess& guess) {
    const CallContext call = From(source);
    const auto ticket = throttle_.Admit(call, guess);
    if (!ticket.ok()) return ticket.status();
    return throttle_.Wrong(call, *ticket, CredentialsRefused());
  }
  absl::Status GuessRight(const std::string& source, const Guess& guess) {
    const CallContext call = From(source);
    const auto ticket = throttle_.Admit(call, guess);
    if (!ticket.ok()) return ticket.status();
    throttle_.Right(call, *ticket);
    return absl::OkStatus();
  }
  // How many get as far as to be tried.
  int Tried(int guesses, const std::string& source, const std::string& name) {
    int tried = 0;
    for (int i = 0; i < guesses; ++i) {
      if (GuessWrong(source, At(name)) == CredentialsRefused()) ++tried;
    }
    return tried;
  }

  FakeClock clock_;
  FakeThrottleStore store_{clock_};
  FakeRefusals refusals_;
  GuessThrottle throttle_{store_, refusals_, TestPepper(), GuessLimits()};
};

TEST_F(GuessThrottleTest, TheAnswerNamesTheSecondsAndTheyAreTrue) {
  EXPECT_EQ(Tried(6, "192.0.2.1", "ann"), 5);
  const absl::Status refused = GuessWrong("192.0.2.1", At("ann"));
  EXPECT_THAT(refused, HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("in 1 second"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(GuessWrong("192.0.2.1", At("ann")), CredentialsRefused());
  EXPECT_THAT(std::string(GuessWrong("192.0.2.1", At("ann")).message()), HasSubstr("in 2 seconds"));
}

// One host has a whole /64: with an address for each guess it would have any number of them.
TEST_F(GuessThrottleTest, WhatAnotherServiceAsksForAClientCountsForTheClientsNetwork) {
  const auto guess_by_service = [this](const std::string& client) {
    CallContext call = From(client);
    call.source = rpc::kInternalSource;
    const auto ticket = throttle_.Admit(call, At("ann"));
    if (!ticket.ok()) return ticket.status();
    return throttle_.Wrong(call, *ticket, CredentialsRefused());
  };
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(guess_by_service(absl::StrCat("2001:db8::", i)), CredentialsRefused());
  }
  EXPECT_THAT(guess_by_service("2001:db8::6"), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(GuessWrong("2001:db8::/64", At("ann")), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(guess_by_service("2001:db8:0:1::1"), CredentialsRefused());
}

// L1: whether there is such an account stands in no key and in no answer.
TEST_F(GuessThrottleTest, AnAccountThatDoesNotExistIsCountedLikeOneThatDoes) {
  Guess known = At("ann");
  known.user = UserId(kCallerId);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(GuessWrong("192.0.2.1", known), GuessWrong("192.0.2.2", At("nobody"))) << i;
  }
}

// L3.
TEST_F(GuessThrottleTest, TheOwnerGetsInFromWhereTheyAlwaysDoWhileAStrangerGuesses) {
  ASSERT_OK(GuessRight("198.51.100.7", At("ann")));
  int tried = 0;
  for (int i = 0; i < 1000; ++i) {
    for (int source = 1; source < 20; ++source) {
      tried += Tried(1, absl::StrCat("192.0.2.", source), "ann");
    }
  }
  EXPECT_EQ(tried, 50);
  EXPECT_OK(GuessRight("198.51.100.7", At("ann")));
  // From elsewhere the owner has to wait, and not for good.
  EXPECT_THAT(GuessRight("203.0.113.1", At("ann")), HasReplyCode(::common::QUOTA_EXCEEDED));
  clock_.Advance(absl::Seconds(72));
  EXPECT_OK(GuessRight("203.0.113.1", At("ann")));
}

// Behind one address of a company are many people.
TEST_F(GuessThrottleTest, TheOwnerGetsInFromAnAddressFromWhichSomebodyElseGuesses) {
  ASSERT_OK(GuessRight("192.0.2.1", At("ann")));
  for (int i = 0; i < 100; ++i) GuessWrong("192.0.2.1", At(absl::StrCat("name ", i))).IgnoreError();
  EXPECT_THAT(GuessWrong("192.0.2.1", At("another")), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_OK(GuessRight("192.0.2.1", At("ann")));
}

TEST_F(GuessThrottleTest, ASourceIsCountedOverAllAccountsAndCompanies) {
  int tried = 0;
  for (int i = 0; i < 100; ++i) {
    Guess guess = At(absl::StrCat("name ", i));
    guess.company = CompanyId(absl::StrCat("company-", i));
    if (GuessWrong("192.0.2.1", guess) == CredentialsRefused()) ++tried;
  }
  EXPECT_EQ(tried, 20);
}

// L2: whatever it is checked by, it is one account.
TEST_F(GuessThrottleTest, AnotherKindOfSecretIsNoWayRoundIt) {
  EXPECT_EQ(Tried(20, "192.0.2.1", "ann"), 5);
  Guess other = At("ann");
  other.what = "the present secret";
  EXPECT_THAT(GuessWrong("192.0.2.1", other), HasReplyCode(::common::QUOTA_EXCEEDED));
}

TEST_F(GuessThrottleTest, WhoGetsInEveryDayWritesOnce) {
  ASSERT_OK(GuessRight("192.0.2.1", At("ann")));
  const size_t after_the_first = store_.changes();
  for (int i = 0; i < 100; ++i) EXPECT_OK(GuessRight("192.0.2.1", At("ann")));
  EXPECT_EQ(store_.changes(), after_the_first);
  clock_.Advance(absl::Hours(25));
  for (int i = 0; i < 100; ++i) EXPECT_OK(GuessRight("192.0.2.1", At("ann")));
  EXPECT_EQ(store_.changes(), after_the_first + 1);
}

TEST_F(GuessThrottleTest, ARandomSecretCostsNothingWhenItIsRightAndCountsForItsSourceWhenWrong) {
  for (int i = 0; i < 100; ++i) EXPECT_OK(GuessRight("192.0.2.1", At("client", false)));
  EXPECT_EQ(store_.changes(), 0u);
  int tried = 0;
  for (int i = 0; i < 100; ++i) {
    if (GuessWrong("192.0.2.1", At("client", false)) == CredentialsRefused()) ++tried;
  }
  EXPECT_EQ(tried, 20);
  EXPECT_OK(GuessRight("192.0.2.1", At("client", false)));
  EXPECT_EQ(store_.size(), 1u);
  EXPECT_EQ(GuessWrong("192.0.2.2", At("client", false)), CredentialsRefused());
}

TEST_F(GuessThrottleTest, WhatWasRefusedWritesNothing) {
  Tried(5, "192.0.2.1", "ann");
  const size_t before = store_.changes();
  EXPECT_EQ(Tried(100, "192.0.2.1", "ann"), 0);
  EXPECT_EQ(store_.changes(), before);
}

TEST_F(GuessThrottleTest, ACheckThatFailedIsNoGuess) {
  for (int i = 0; i < 100; ++i) {
    const auto ticket = throttle_.Admit(From("192.0.2.1"), At("ann"));
    ASSERT_OK(ticket);
    throttle_.NotTried(From("192.0.2.1"), *ticket);
  }
  EXPECT_EQ(Tried(20, "192.0.2.1", "ann"), 5);
}

TEST_F(GuessThrottleTest, WithoutTheDatabaseNobodyGuesses) {
  store_.FailWith(Unreachable("the database"));
  EXPECT_THAT(GuessWrong("192.0.2.1", At("ann")), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(GuessThrottleTest, AnotherServicesCallsCountForTheUsersAccountAndForNoSource) {
  CallContext call = From("192.0.2.1");
  call.source = "/internal";
  for (int i = 0; i < 100; ++i) {
    const auto ticket = throttle_.Admit(call, At(absl::StrCat("name ", i)));
    ASSERT_OK(ticket);
    EXPECT_EQ(throttle_.Wrong(call, *ticket, CredentialsRefused()), CredentialsRefused());
  }
  int tried = 0;
  for (int i = 0; i < 20; ++i) {
    const auto ticket = throttle_.Admit(call, At("ann"));
    if (!ticket.ok()) continue;
    ++tried;
    throttle_.Wrong(call, *ticket, CredentialsRefused()).IgnoreError();
  }
  EXPECT_EQ(tried, 5);
}

// G7: passwords are typed into the wrong field.
TEST_F(GuessThrottleTest, ANameThatNobodyHasStandsInTheAuditAsAHash) {
  GuessWrong("192.0.2.1", At("hunter2-secret")).IgnoreError();
  GuessWrong("192.0.2.2", At("hunter2-secret")).IgnoreError();
  GuessWrong("192.0.2.1", At("another")).IgnoreError();
  ASSERT_EQ(refusals_.noted.size(), 3u);
  EXPECT_THAT(refusals_.noted[0].object, ::testing::MatchesRegex("name [0-9a-f-]{36}"));
  EXPECT_EQ(refusals_.noted[0].object, refusals_.noted[1].object);
  EXPECT_NE(refusals_.noted[0].object, refusals_.noted[2].object);
  EXPECT_EQ(refusals_.noted[0].detail, "sign-in by password refused");
  EXPECT_EQ(refusals_.noted[0].outcome, ::common::AUTHENTICATION_ERROR);
}

TEST_F(GuessThrottleTest, WhatWasSlowedDownStandsInTheAuditToo) {
  Guess known = At("ann");
  known.user = UserId(kCallerId);
  for (int i = 0; i < 6; ++i) GuessWrong("192.0.2.1", known).IgnoreError();
  ASSERT_EQ(refusals_.noted.size(), 6u);
  EXPECT_EQ(refusals_.noted[5].object, absl::StrCat("user ", kCallerId));
  EXPECT_EQ(refusals_.noted[5].outcome, ::common::QUOTA_EXCEEDED);
}

TEST_F(GuessThrottleTest, AFurtherPepperGoesOnCounting) {
  Tried(5, "192.0.2.1", "ann");
  const Pepper both({TestPepper().first(), Secret(std::string(32, 'q'))});
  GuessThrottle rotated(store_, refusals_, both, GuessLimits());
  EXPECT_THAT(rotated.Admit(From("192.0.2.1"), At("ann")), HasReplyCode(::common::QUOTA_EXCEEDED));
}

TEST_F(GuessThrottleTest, ARefusedRefreshCountsForItsSource) {
  const Guess refresh{.company = CompanyId("acme"),
                      .principal = "ann",
                      .user = UserId(),
                      .what = "refresh",
                      .can_be_guessed = false};
  for (int i = 0; i < 20; ++i) {
    throttle_.RefreshRefused(From("192.0.2.1"), refresh, RefreshTokenRefused());
  }
  EXPECT_THAT(GuessWrong("192.0.2.1", At("ann")), HasReplyCode(::common::QUOTA_EXCEEDED));
  // An account that is not active is no guess.
  for (int i = 0; i < 20; ++i) {
    throttle_.RefreshRefused(From("192.0.2.2"), refresh,
                             AccountInactive(AccountStatus::kDeactivated));
  }
  EXPECT_EQ(GuessWrong("192.0.2.2", At("ann")), CredentialsRefused());
}

}  // namespace guess_throttle_test
}  // namespace usher::auth
