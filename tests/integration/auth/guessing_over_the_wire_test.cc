// Guessing, as guessers and owners see it: two replicas of auth behind a proxy that says who they
// are.
#include "tests/integration/auth/guessing_over_the_wire.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/answer_times.h"

namespace usher {
namespace guessing_over_the_wire_test {

TEST_F(GuessingOverTheWire, AfterFiveGuessesTheSecondsAreToldWhetherThereIsSuchAnAccountOrNot) {
  OwnServer server(Replica());
  for (const Account& account : {NewAccount(), Nobody()}) {
    const std::string source = NewSource();
    for (int i = 0; i < 5; ++i) {
      EXPECT_THAT(AuthenticateAt(server, source, Wrong(account)),
                  IsRefusedWith(::common::AUTHENTICATION_ERROR));
    }
    const Reply reply = SlowedDown(server, source, account);
    EXPECT_THAT(reply, IsRefusedWith(::common::QUOTA_EXCEEDED));
    EXPECT_THAT(reply.replyinfo().statusmessage(),
                ::testing::MatchesRegex("too many wrong secrets; try again in [0-9]+ seconds?"));
  }
}

// L2: over two replicas, ten at a time. For an account they are counted before they are tried (the
// contract of the stores has that exactly); for a source afterwards, so that those under way then
// come on top, and those of the seconds that it takes.
TEST_F(GuessingOverTheWire, GuessesAtOnceOverTwoReplicasAreTriedNoMoreOftenThanTheLimit) {
  OwnServer first(Replica());
  OwnServer second(Replica());
  const std::string source = NewSource();
  std::atomic<int> tried{0};
  std::atomic<int> slowed{0};
  std::vector<std::thread> guessers;
  const absl::Time began = absl::Now();
  for (int i = 0; i < 10; ++i) {
    guessers.emplace_back([&, i] {
      const auto stub = ::authentication::AuthenticationService::NewStub(
          (i % 2 == 0 ? first : second).NewChannel());
      for (int j = 0; j < 10; ++j) {
        const Reply reply = AuthenticateBy(*stub, source, Wrong(Nobody()));
        if (reply.replyinfo().statuscode() == ::common::AUTHENTICATION_ERROR) ++tried;
        if (reply.replyinfo().statuscode() == ::common::QUOTA_EXCEEDED) ++slowed;
      }
    });
  }
  for (std::thread& guesser : guessers) guesser.join();
  const int more = static_cast<int>((absl::Now() - began) / absl::Seconds(12)) + 1;
  EXPECT_GE(tried, 20);
  EXPECT_LE(tried, 20 + 10 + more);
  EXPECT_EQ(tried + slowed, 100);
}

TEST_F(GuessingOverTheWire, ARestartForgetsNothing) {
  const Account account = NewAccount();
  const std::string source = NewSource();
  {
    OwnServer server(Replica({"--throttle_longest_delay=24h"}));
    for (int i = 0; i < 5; ++i) AuthenticateAt(server, source, Wrong(account));
  }
  house_.database("auth").Run(
      "UPDATE guesses SET free_at = free_at + interval '1 hour' WHERE failures >= 5");
  OwnServer server(Replica());
  EXPECT_THAT(AuthenticateAt(server, source, PasswordOf(account)),
              IsRefusedWith(::common::QUOTA_EXCEEDED));
}

// L3: the owner from a familiar source gets in at the first try while strangers guess.
TEST_F(GuessingOverTheWire, TheOwnerGetsInWhileStrangersGuess) {
  OwnServer server(Replica());
  const Account account = NewAccount();
  const std::string home = NewSource();
  EXPECT_THAT(AuthenticateAt(server, home, PasswordOf(account)), Answers(::common::OK));
  Reply last;
  for (int i = 0; i < 15; ++i) {
    const std::string stranger = NewSource();
    for (int j = 0; j < 4; ++j) last = AuthenticateAt(server, stranger, Wrong(account));
  }
  EXPECT_THAT(last, IsRefusedWith(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(AuthenticateAt(server, home, PasswordOf(account)), Answers(::common::OK));
  EXPECT_THAT(AuthenticateAt(server, NewSource(), PasswordOf(account)),
              IsRefusedWith(::common::QUOTA_EXCEEDED));
}

// One customer's network is one source; the next one is another.
TEST_F(GuessingOverTheWire, AnIpv6SourceIsTheNetworkOfItsHost) {
  OwnServer server(Replica());
  const Account account = NewAccount();
  for (int i = 1; i <= 5; ++i) {
    AuthenticateAt(server, absl::StrCat("2001:db8:ffff:1::", i), Wrong(account));
  }
  EXPECT_THAT(SlowedDown(server, "2001:db8:ffff:1:9::9", account),
              IsRefusedWith(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(AuthenticateAt(server, "2001:db8:ffff:2::1", Wrong(account)),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// L1: so many hashing threads that none is waited for while it rests. Everything is counted, and
// nothing is slowed down. Whose hash is of another cost is made up for by another run, to a tenth
// or so: of those the medians are compared, by a bound that is wide, since the machine is busy; a
// hash that is left out would make it several times as fast.
TEST_F(GuessingOverTheWire,
       UnknownWrongLockedDeactivatedForeignAndLongUnseenAccountsTakeTheSameTime) {
  OwnServer server(
      Replica({"--hash_memory=8388608", "--hash_passes=2", "--hash_threads=48",
               "--throttle_free_guesses=1000000", "--throttle_account_guesses=1000000",
               "--throttle_source_guesses=1000000", "--throttle_source_at_once=1000000"}));
  const Account wrong = NewAccount();
  const Account deactivated = NewAccount();
  const Account locked = NewAccount();
  // Hashes them anew, with the settings of this server: verifying takes as long as those say.
  for (const Account& account : {wrong, deactivated, locked}) {
    EXPECT_THAT(AuthenticateAt(server, NewSource(), PasswordOf(account)), Answers(::common::OK));
  }
  SetUserStatus(deactivated, ::authentication::DEACTIVATED);
  Request lock = Naming(locked);
  lock.mutable_usernamepasswordcredentials()->set_companyid(locked.company);
  lock.set_accountstatus(::authentication::LOCKED);
  EXPECT_THAT(Update(AdminOf("operator"), locked.user, lock), Answers(::common::OK));
  Account foreign = NewAccountIn("globex");
  foreign.company = "acme";
  // Hashed by the house, by less than a hundredth of the work, and not seen since.
  const Account unseen = NewAccount();
  const std::vector<Account> accounts = {wrong, Nobody(), locked, deactivated, foreign, unseen};

  const auto stub = ::authentication::AuthenticationService::NewStub(server.NewChannel());
  const std::string source = NewSource();
  std::vector<TimedAnswers> answers = {{"wrong", {}},       {"unknown", {}}, {"locked", {}},
                                       {"deactivated", {}}, {"foreign", {}}, {"unseen", {}}};
  std::string answer;
  std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
  std::mt19937 random(1);  // NOLINT: the same order in each run
  for (int round = 0; round < 41; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
      const absl::Time began = absl::Now();
      Reply reply = AuthenticateBy(*stub, source, Wrong(accounts[i]));
      answers[i].times.push_back(absl::Now() - began);
      ASSERT_THAT(reply, IsRefusedWith(::common::AUTHENTICATION_ERROR));
      reply.mutable_replyinfo()->clear_requestid();
      if (answer.empty()) answer = reply.SerializeAsString();
      ASSERT_EQ(reply.SerializeAsString(), answer) << answers[i].kind;
    }
  }
  ExpectNobodyCanTellThemByTheirTimes({answers.begin(), answers.end() - 1});
  std::vector<double> medians;
  for (TimedAnswers& each : answers) {
    std::nth_element(each.times.begin(), each.times.begin() + 20, each.times.end());
    medians.push_back(absl::ToDoubleMilliseconds(each.times[20]));
  }
  const auto [least, most] = std::minmax_element(medians.begin(), medians.end());
  EXPECT_LT(*most / *least, 2) << ::testing::PrintToString(medians);
  RecordProperty("medians_ms", ::testing::PrintToString(medians));
}

}  // namespace guessing_over_the_wire_test
}  // namespace usher
