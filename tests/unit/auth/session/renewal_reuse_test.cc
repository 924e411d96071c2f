// Refresh tokens that are used more than once.
#include <algorithm>
#include <thread>
#include <vector>

#include "tests/support/renewal_test_base.h"

namespace usher::auth {
namespace renewal_reuse_test {

using RenewalReuseTest = RenewalTestBase;

// L5: reuse.
TEST_F(RenewalReuseTest, AnEndedTokenWhoseSuccessorWasUsedEndsTheSession) {
  const SignedIn second = Refreshed(first_);
  const SignedIn third = Refreshed(second);
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(SessionIn(first_)));
  EXPECT_EQ(StatusOf(Refresh(third)), RefreshTokenRefused());
  for (const SignedIn& signed_in : {first_, second, third}) {
    EXPECT_THAT(verifier_.Verify(signed_in.access_token),
                HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
}

// L5: reuse.
TEST_F(RenewalReuseTest, AnEndedTokenEndsTheSessionAfterThirtySeconds) {
  const SignedIn second = Refreshed(first_);
  clock_.Advance(absl::Seconds(30) + absl::Microseconds(1));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  EXPECT_EQ(StatusOf(Refresh(second)), RefreshTokenRefused());
  EXPECT_THAT(verifier_.Verify(second.access_token), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(RenewalReuseTest, AnEndedTokenEndsNoOtherSession) {
  const SignedIn elsewhere = SignedInAs("ann");
  Refreshed(Refreshed(first_));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  EXPECT_OK(verifier_.Verify(elsewhere.access_token));
  EXPECT_OK(Refresh(elsewhere));
}

// L5: a lost reply.
TEST_F(RenewalReuseTest, ALostReplyIsAnsweredOnceMoreWithinThirtySeconds) {
  Refreshed(first_);
  clock_.Advance(absl::Seconds(30));
  const SignedIn again = Refreshed(first_);
  EXPECT_OK(verifier_.Verify(again.access_token));
  EXPECT_OK(Refresh(again));
}

TEST_F(RenewalReuseTest, AskingOnceMoreDoesNotMakeTheThirtySecondsLonger) {
  Refreshed(first_);
  clock_.Advance(absl::Seconds(20));
  Refreshed(first_);
  clock_.Advance(absl::Seconds(11));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(SessionIn(first_)));
}

TEST_F(RenewalReuseTest, OnceTheAnswerToALostReplyWasUsedTheFirstTokenEndsTheSession) {
  Refreshed(first_);
  Refreshed(Refreshed(first_));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(SessionIn(first_)));
}

// Two tabs with one token, and a client that lost a reply: whoever was answered goes on.
TEST_F(RenewalReuseTest, EverySuccessorOfATokenIsGood) {
  for (const bool first_answer : {true, false}) {
    const SignedIn start = SignedInAs("ann");
    const SignedIn one = Refreshed(start);
    const SignedIn two = Refreshed(start);
    const SignedIn next = Refreshed(first_answer ? one : two);
    EXPECT_OK(Refresh(next));
  }
}

TEST_F(RenewalReuseTest, ASuccessorThatWasNotTheFirstToBeUsedHasEndedLikeTheTokenBefore) {
  const SignedIn tab_1 = Refreshed(first_);
  const SignedIn tab_2 = Refreshed(first_);
  Refreshed(tab_1);
  clock_.Advance(absl::Seconds(30));
  const SignedIn late = Refreshed(tab_2);
  EXPECT_OK(verifier_.Verify(late.access_token));
  // One of those that came after has been used: now it is a copy.
  Refreshed(late);
  EXPECT_EQ(StatusOf(Refresh(tab_2)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(SessionIn(first_)));
}

TEST_F(RenewalReuseTest, ASuccessorThatWasNotTheFirstToBeUsedEndsTheSessionAfterThirtySeconds) {
  const SignedIn tab_1 = Refreshed(first_);
  const SignedIn tab_2 = Refreshed(first_);
  Refreshed(tab_1);
  clock_.Advance(absl::Seconds(30) + absl::Microseconds(1));
  EXPECT_EQ(StatusOf(Refresh(tab_2)), RefreshTokenRefused());
  EXPECT_FALSE(IsThere(SessionIn(first_)));
}

TEST_F(RenewalReuseTest, ANinthSuccessorIsRefusedAndNothingEnds) {
  std::vector<SignedIn> answers;
  for (size_t i = 0; i < kMostSuccessors; ++i) answers.push_back(Refreshed(first_));
  EXPECT_EQ(StatusOf(Refresh(first_)), RefreshTokenAnswered());
  EXPECT_THAT(RefreshTokenAnswered(), HasReplyCode(::common::QUOTA_EXCEEDED));
  for (const SignedIn& answer : answers) EXPECT_OK(Refresh(answer));
}

TEST_F(RenewalReuseTest, OfManyAtOnceWhoeverIsAnsweredGoesOn) {
  std::vector<absl::StatusOr<SignedIn>> answers(20, absl::UnknownError("not asked yet"));
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([this, &answer] { answer = Refresh(first_); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(), [](const auto& a) { return a.ok(); }),
            static_cast<std::ptrdiff_t>(kMostSuccessors));
  for (const auto& answer : answers) {
    if (answer.ok()) {
      EXPECT_OK(Refresh(*answer));
    } else {
      EXPECT_EQ(answer.status(), RefreshTokenAnswered());
    }
  }
}

}  // namespace renewal_reuse_test
}  // namespace usher::auth
