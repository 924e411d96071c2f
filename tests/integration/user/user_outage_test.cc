// What is left of creations when auth, or the user service itself, is killed in the middle of them:
// nothing half-made.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace user_outage_test {

constexpr int kThreads = 4;
constexpr int kMostCreations = 200;  // of each thread, if the kill takes that long
constexpr int kFirstCreations = 8;   // before the kill

// A creation that a client began.
struct Attempt {
  std::string email;
  std::string username;
  std::string idempotency_key;
  std::string user;  // empty: it was not heard how it went
};

class UserOutageTest : public UserOverTheWire {
 protected:
  // Auth was not asked: nothing was changed. Or it was, as it went away: in doubt.
  static bool IsUndecided(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
           status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  }

  static Attempt NewAttempt() { return {NewEmail(), NewUsername(), NewUuid(), ""}; }

  // Fills in the user where the creation is known to have taken place.
  grpc::Status Create(const std::string& token, Attempt* attempt) {
    ::user::UserCreateReply reply;
    const auto request =
        As(token, Creating(UserWith(attempt->email), PasswordFor(attempt->username)));
    const grpc::Status status = Try(&UserStub::userCreate, request, &reply,
                                    {{"idempotency-key", attempt->idempotency_key}});
    if (!status.ok()) return status;
    EXPECT_THAT(reply, Answers(::common::OK));
    attempt->user = reply.userid();
    return status;
  }

  // As a client does it who is told to try again: a service that is back takes a moment to be
  // found.
  grpc::Status CreateUntilDecided(Attempt* attempt) {
    const absl::Time until = absl::Now() + absl::Seconds(30);
    grpc::Status status;
    do {
      status = Create(AdminOf("acme"), attempt);
    } while (IsUndecided(status) && absl::Now() < until);
    return status;
  }

  // Clients who create one user after the other until a creation is not decided; `service` is
  // killed in the middle of it.
  std::vector<Attempt> CreateUntilKilled(const std::string& service) {
    const std::string token = AdminOf("acme");
    absl::Mutex mutex;
    std::vector<Attempt> attempts;
    std::vector<std::thread> clients;
    for (int n = 0; n < kThreads; ++n) {
      clients.emplace_back([&] {
        bool decided = true;
        for (int i = 0; i < kMostCreations && decided; ++i) {
          Attempt attempt = NewAttempt();
          decided = Create(token, &attempt).ok();
          const absl::MutexLock lock(&mutex);
          attempts.push_back(attempt);
        }
      });
    }
    {
      const absl::MutexLock lock(&mutex);
      const auto enough = [&] { return attempts.size() >= size_t{kFirstCreations}; };
      mutex.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(60));
    }
    house_.Kill(service);
    for (std::thread& client : clients) client.join();
    return attempts;
  }

  // Until the sweeper has settled what was left behind; its leases are ended for it.
  void AwaitSettled() {
    ScratchDatabase& database = house_.database("user");
    const absl::Time until = absl::Now() + absl::Seconds(60);
    do {
      database.Run("UPDATE sagas SET lease_until = now()");
      if (database.Ask("SELECT count(*) FROM sagas") == "0") return;
    } while (absl::Now() < until);
    ADD_FAILURE() << "creations stay unsettled:\n" << house_.Log("user");
  }

  // The user ID under which the user service, or auth, knows somebody; empty: none.
  std::string ProfileOf(const Attempt& attempt) {
    return house_.database("user").Ask(absl::StrCat(
        "SELECT user_id FROM users WHERE state = 2 AND email = '", attempt.email, "'"));
  }
  std::string MethodOf(const Attempt& attempt) {
    return house_.database("auth").Ask(
        absl::StrCat("SELECT user_id FROM methods WHERE principal = '", attempt.username, "'"));
  }
  void ExpectNothingHalfMade(const std::vector<Attempt>& attempts) {
    for (const Attempt& attempt : attempts) {
      const std::string profile = ProfileOf(attempt);
      EXPECT_EQ(profile, MethodOf(attempt));
      if (attempt.user.empty()) continue;
      EXPECT_EQ(profile, attempt.user) << "what was acknowledged is lost";
    }
  }
  // Repeated with the same idempotency-key every creation is made, and made once.
  void ExpectRepetitionsMakeThem(std::vector<Attempt> attempts) {
    for (Attempt& attempt : attempts) {
      const std::string before = ProfileOf(attempt);
      const grpc::Status status = CreateUntilDecided(&attempt);
      ASSERT_TRUE(status.ok()) << status.error_message();
      if (!before.empty()) {
        EXPECT_EQ(attempt.user, before);
      }
      EXPECT_EQ(ProfileOf(attempt), attempt.user);
      EXPECT_EQ(house_.SignIn("acme", attempt.username, PasswordOf(attempt.username)).user,
                attempt.user);
    }
  }
};

TEST_F(UserOutageTest, WhileAuthIsAwayNoUserIsMadeAndAfterwardsTheSameOneIs) {
  Attempt attempt = NewAttempt();
  const std::string token = AdminOf("acme");
  house_.Kill("auth");
  EXPECT_TRUE(IsUndecided(Create(token, &attempt)));
  EXPECT_EQ(ProfileOf(attempt), "");
  house_.Start("auth");
  AwaitSettled();
  ExpectNothingHalfMade({attempt});
  EXPECT_EQ(ProfileOf(attempt), "");
  ExpectRepetitionsMakeThem({attempt});
}

TEST_F(UserOutageTest, WhatWasBegunWhileAuthWasAwayIsSettledWithoutAnybodysHelp) {
  Attempt attempt = NewAttempt();
  const std::string token = AdminOf("acme");
  house_.Kill("auth");
  EXPECT_TRUE(IsUndecided(Create(token, &attempt)));
  house_.Start("auth");
  // The lease of a creation is 18 seconds, and the sweeper looks every second.
  const absl::Time until = absl::Now() + absl::Seconds(60);
  while (house_.database("user").Ask("SELECT count(*) FROM sagas") != "0") {
    ASSERT_LT(absl::Now(), until) << house_.Log("user");
  }
  EXPECT_TRUE(Create(token, &attempt).ok());
}

TEST_F(UserOutageTest, AuthKilledAmidCreationsLeavesNothingHalfMade) {
  const std::vector<Attempt> attempts = CreateUntilKilled("auth");
  house_.Start("auth");
  AwaitSettled();
  ExpectNothingHalfMade(attempts);
  ExpectRepetitionsMakeThem(attempts);
}

TEST_F(UserOutageTest, TheUserServiceKilledAmidCreationsLeavesNothingHalfMade) {
  const std::vector<Attempt> attempts = CreateUntilKilled("user");
  house_.Start("user");
  AwaitSettled();
  ExpectNothingHalfMade(attempts);
  ExpectRepetitionsMakeThem(attempts);
}

TEST_F(UserOutageTest, ARemovalWhileAuthIsAwayIsUndoneOrCanBeRepeated) {
  const Account ann = NewUser();
  const std::string token = AdminOf("acme");
  ::user::UserDestroyRequest request;
  request.set_userid(ann.user);
  house_.Kill("auth");
  ::common::ReplyInfo reply;
  EXPECT_TRUE(IsUndecided(Try(&UserStub::userDestroy, As(token, request), &reply)));
  house_.Start("auth");
  AwaitSettled();
  EXPECT_TRUE(Find(ann.user).has_value());
  EXPECT_EQ(SignIn(ann).user, ann.user);
  // "Try again" is all that the user service says until it has found auth again, in a moment.
  const absl::Time until = absl::Now() + absl::Seconds(10);
  grpc::Status status;
  do {
    status = Try(&UserStub::userDestroy, As(token, request), &reply);
  } while (status.error_code() == grpc::StatusCode::UNAVAILABLE && absl::Now() < until);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.statuscode(), ::common::OK);
  EXPECT_FALSE(Find(ann.user).has_value());
}

}  // namespace user_outage_test
}  // namespace usher
