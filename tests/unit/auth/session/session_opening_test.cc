#include "services/auth/session/session_opening.h"

#include <thread>
#include <vector>

#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace session_opening_test {

class SessionOpeningTest : public SignInTestBase {
 protected:
  static constexpr SessionBounds kFew{.most = 3, .most_shared = 2};

  // A process of its own, which has seen nothing yet.
  struct Process {
    SessionOpening opening;
    SignIn sign_in;

    Process(SessionOpeningTest& test, SessionBounds bounds)
        : opening(test.sessions_, test.clock_, bounds, Lifetimes().refresh),
          sign_in(test.store_, test.vault_, opening, test.refresh_tokens_, test.session_signer_,
                  test.revocations_, test.throttle_, test.uses_) {}
    SignedIn AsClient() { return Got(sign_in.WithCode(ACall(), CodeOf("client"))); }
  };
  bool IsGood(const SignedIn& signed_in) { return verifier_.Verify(signed_in.access_token).ok(); }
  size_t Live() { return sessions_.size(); }

  Process process_{*this, kFew};
};

TEST_F(SessionOpeningTest, BeyondTheBoundTheOldestSessionOfTheMethodEnds) {
  MadeClient("client");
  MadeUser("ann");
  const SignedIn others = SignedInAs("ann");
  std::vector<SignedIn> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(process_.AsClient());
  for (size_t i = 0; i < sessions.size(); ++i) EXPECT_EQ(IsGood(sessions[i]), i >= 2) << i;
  EXPECT_TRUE(IsGood(others));
  EXPECT_EQ(Live(), 4u);
  EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), RefreshOf(sessions[0], "client"))),
            RefreshTokenRefused());
}

TEST_F(SessionOpeningTest, WhatOtherProcessesHaveOpenedCounts) {
  MadeClient("client");
  Process other(*this, kFew);
  const SignedIn first = process_.AsClient();
  for (int i = 0; i < 3; ++i) other.AsClient();
  EXPECT_FALSE(IsGood(first));
  process_.AsClient();
  EXPECT_EQ(Live(), 3u);
}

TEST_F(SessionOpeningTest, WhatHasEndedByItselfDoesNotCount) {
  MadeClient("client");
  std::vector<SignedIn> sessions;
  for (int i = 0; i < 3; ++i) sessions.push_back(process_.AsClient());
  sessions_.Remove(Read(sessions[1].access_token).session);
  process_.AsClient();
  EXPECT_TRUE(IsGood(sessions[0]));
}

// Where the bound is large it is not counted each time, and is held all the same.
TEST_F(SessionOpeningTest, ALargeBoundIsHeldToo) {
  MadeClient("client");
  Process process(*this, {.most = 40, .most_shared = 40});
  std::vector<SignedIn> sessions;
  for (int i = 0; i < 50; ++i) {
    sessions.push_back(process.AsClient());
    EXPECT_LE(Live(), 40u);
    clock_.Advance(absl::Seconds(1));
  }
  for (size_t i = 0; i < sessions.size(); ++i) EXPECT_EQ(IsGood(sessions[i]), i >= 10) << i;
}

// Ending takes a transaction.
TEST_F(SessionOpeningTest, WhoSignsInAgainAndAgainIsASixteenthBeyondForASecondAtMost) {
  MadeClient("client");
  Process process(*this, {.most = 32, .most_shared = 32});
  for (int i = 0; i < 50; ++i) {
    process.AsClient();
    EXPECT_LE(Live(), 34u);
  }
  EXPECT_GT(Live(), 32u);
  clock_.Advance(absl::Seconds(1));
  process.AsClient();
  EXPECT_EQ(Live(), 32u);
}

TEST_F(SessionOpeningTest, OfManySignInsAtOnceTheBoundIsLeft) {
  MadeClient("client");
  Process process(*this, {.most = 4, .most_shared = 4});
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&process] { process.AsClient(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Live(), 4u);
}

// L10: bounded live sessions.
TEST_F(SessionOpeningTest, ASharedAccessThatIsFullAdmitsNobodyUntilSomebodyHasLeft) {
  const UserId access = MadeGuest({.shareable = true});
  const UserId another = MadeGuest({.shareable = true});
  const auto enter = [&](const UserId& to) {
    return process_.sign_in.AsGuest(ACall(), GuestOf(to));
  };
  const SignedIn first = Got(enter(access));
  EXPECT_OK(enter(access));
  EXPECT_EQ(StatusOf(enter(access)), SessionsExhausted(2));
  EXPECT_THAT(SessionsExhausted(2), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_TRUE(IsGood(first));
  EXPECT_OK(enter(another));
  EXPECT_EQ(StatusOf(process_.sign_in.AsGuest(ACall(), GuestOf(access, "wrong"))),
            CredentialsRefused());

  sessions_.Remove(Read(first.access_token).session);
  EXPECT_OK(enter(access));
  EXPECT_EQ(StatusOf(enter(access)), SessionsExhausted(2));
}

TEST_F(SessionOpeningTest, AnAccessThatIsNotSharedHasOneSessionWhateverTheBound) {
  const UserId access = MadeGuest();
  for (int i = 0; i < 4; ++i) EXPECT_OK(process_.sign_in.AsGuest(ACall(), GuestOf(access)));
  EXPECT_EQ(Live(), 1u);
}

}  // namespace session_opening_test
}  // namespace usher::auth
