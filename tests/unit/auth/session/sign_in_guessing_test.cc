// Signing in while somebody guesses.
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/auth/session/sign_in.h"
#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace sign_in_guessing_test {

class SignInGuessingTest : public SignInTestBase {
 protected:
  static CallContext From(const std::string& source) {
    CallContext call = ACall();
    call.source = call.peer = source;
    return call;
  }
  absl::Status Try(const std::string& source, const std::string& username,
                   const std::string& password) {
    return StatusOf(guarded_.WithPassword(From(source), PasswordOf(username, password)));
  }

  GuessThrottle strict_{throttle_store_, refusals_, TestPepper(), GuessLimits()};
  SignIn guarded_{store_,          vault_,       opening_, refresh_tokens_,
                  session_signer_, revocations_, strict_,  uses_};
};

// L1: whatever is the matter with the account, a guesser is told the same, guess by guess.
TEST_F(SignInGuessingTest, UnknownWrongLockedDeactivatedAndForeignAccountsAnswerAlike) {
  MadeUser("ann");
  SetStatus(MadeUser("locked"), AccountStatus::kLocked);
  SetStatus(MadeUser("deactivated"), AccountStatus::kDeactivated);
  MadeClient("client");
  int source = 1;
  std::vector<std::vector<std::string>> told;
  for (const std::string& name : {"ann", "nobody", "locked", "deactivated", "client"}) {
    std::vector<std::string> answers;
    const std::string from = absl::StrCat("192.0.2.", source++);
    for (int i = 0; i < 8; ++i) answers.push_back(Try(from, name, kOtherPassword).ToString());
    told.push_back(answers);
  }
  PasswordGrant foreign = PasswordOf("ann", kOtherPassword);
  foreign.company = CompanyId("beta");
  std::vector<std::string> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(StatusOf(guarded_.WithPassword(From("192.0.2.99"), foreign)).ToString());
  }
  told.push_back(answers);
  for (const std::vector<std::string>& each : told) EXPECT_EQ(each, told[0]);
  EXPECT_EQ(Try("192.0.2.1", "ann", kOtherPassword).ToString(), told[0][7]);
}

// L3: what somebody else does changes nothing about the account.
TEST_F(SignInGuessingTest, TheOwnerGetsInAtFirstTryWhileStrangersGuess) {
  MadeUser("ann");
  ASSERT_OK(Try("198.51.100.7", "ann", kGoodPassword));
  for (int i = 0; i < 200; ++i) {
    Try(absl::StrCat("192.0.2.", i), "ann", kOtherPassword).IgnoreError();
  }
  EXPECT_THAT(Try("192.0.2.222", "ann", kOtherPassword), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_OK(Try("198.51.100.7", "ann", kGoodPassword));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kActivated);
}

// L2.
TEST_F(SignInGuessingTest, TheRightPasswordDoesNotGetInWhileItHasToWait) {
  MadeUser("ann");
  for (int i = 0; i < 5; ++i) Try("192.0.2.1", "ann", kOtherPassword).IgnoreError();
  EXPECT_THAT(Try("192.0.2.1", "ann", kGoodPassword), HasReplyCode(::common::QUOTA_EXCEEDED));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(Try("192.0.2.1", "ann", kGoodPassword));
}

// L2: the same name as an API client is the same account.
TEST_F(SignInGuessingTest, AnotherGrantIsNoWayRoundIt) {
  MadeUser("ann");
  MadeClient("ann");
  for (int i = 0; i < 5; ++i) Try("192.0.2.1", "ann", kOtherPassword).IgnoreError();
  EXPECT_THAT(guarded_.WithCode(From("192.0.2.1"), CodeOf("ann")),
              HasReplyCode(::common::QUOTA_EXCEEDED));
}

TEST_F(SignInGuessingTest, ARandomCodeGetsInWhoeverGuesses) {
  const std::string random(Base64Url(Secret::Random(32).Reveal()));
  Made(Code("client", random));
  for (int i = 0; i < 100; ++i)
    Try("192.0.2.1", absl::StrCat("n", i), kOtherPassword).IgnoreError();
  const size_t before = throttle_store_.changes();
  EXPECT_OK(guarded_.WithCode(From("192.0.2.1"), CodeOf("client", random)));
  EXPECT_EQ(throttle_store_.changes(), before);
  const std::string wrong(Base64Url(Secret::Random(32).Reveal()));
  EXPECT_THAT(guarded_.WithCode(From("192.0.2.1"), CodeOf("client", wrong)),
              HasReplyCode(::common::QUOTA_EXCEEDED));
}

// Whoever shows the right secret has not guessed, whatever the account's status.
TEST_F(SignInGuessingTest, TheRightSecretOfAnInactiveAccountIsNoGuessAndStandsInTheAudit) {
  SetStatus(MadeUser("ann"), AccountStatus::kDeactivated);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(Try("192.0.2.1", "ann", kGoodPassword),
                HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  }
  ASSERT_EQ(refusals_.noted.size(), 100u);
  EXPECT_EQ(refusals_.noted[0].outcome, ::common::ACCOUNT_STATUS_ERROR);
}

// A stolen token was good for any number of guesses at the secret.
TEST_F(SignInGuessingTest, ThePresentSecretIsNotGuessedWithAStolenToken) {
  const UserId ann = MadeUser("ann");
  Methods guarded(store_, store_, vault_, rooms_, revocations_, auth_clock_, strict_, post_);
  const auto change = [&](const std::string& current) {
    return guarded.Update(
        ACaller().As(ann).Build(),
        UpdateWish{
            .user = ann, .remove_all = false, .method = Password("ann", kOtherPassword, current)});
  };
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(change(absl::StrCat("guess ", i)), HasReplyCode(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(change(kGoodPassword), HasReplyCode(::common::QUOTA_EXCEEDED));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(change(kGoodPassword));
}

}  // namespace sign_in_guessing_test
}  // namespace usher::auth
