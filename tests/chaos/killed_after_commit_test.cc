// A server dies between its COMMIT and its answer: what works once has worked, its owner is not
// told otherwise, and can go on.
#include <functional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/chaos/account_caller.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace killed_after_commit_test {

class KilledAfterCommitTest : public ChaosTest {
 protected:
  // PostgreSQL gets auth's COMMIT, auth never its answer: as soon as what it commits `is_there`,
  // auth is killed, and started anew.
  Answer AskAndKill(const std::function<Answer()>& call, const std::function<bool()>& is_there) {
    Proxy& proxy = chaos_.ToDatabase("auth");
    proxy.Lay({.pattern = "COMMIT", .mercy = absl::Minutes(1)});
    Answer answer;
    std::thread client([&] { answer = call(); });
    EXPECT_TRUE(Await(absl::Seconds(8), is_there)) << "nothing was committed";
    house_.Kill("auth");
    client.join();
    proxy.TakeAmbushAway();
    proxy.CutAll(Cut::kReset);  // they would wait for the end of the minute
    house_.Start("auth");
    EXPECT_EQ(answer.told(), Told::kInDoubt) << answer.Text();
    return answer;
  }
  std::string NewUser(const std::string& email, const std::string& password) {
    const Answer user = caller_.CreateUser(email, password);
    EXPECT_EQ(user.told(), Told::kDone) << user.Text();
    return user.id;
  }
  std::string AskAuth(const std::string& query) { return house_.database("auth").Ask(query); }
  // What was used up, and nothing else about the account.
  static void ExpectRefused(const Answer& answer) {
    EXPECT_EQ(answer.told(), Told::kRefused) << answer.Text();
    EXPECT_EQ(answer.info.statuscode(), ::common::AUTHENTICATION_ERROR) << answer.Text();
  }

  const Caller caller_{house_};
  const AccountCaller account_{house_};
};

// L5: "kill -9 between commit and reply, retry -> works".
TEST_F(KilledAfterCommitTest, ARefreshTokenWhoseSuccessorNobodyGotIsTakenOnceMore) {
  const std::string email = NewEmail(), password = NewName();
  const std::string sessions =
      absl::StrCat(" FROM sessions WHERE user_id = '", NewUser(email, password), "'");
  SignedIn session = house_.SignIn(house_.acme().company, email, password);
  const SignedIn first = session;
  const std::string hash = AskAuth("SELECT encode(current_hash, 'hex')" + sessions);
  AskAndKill([&] { return account_.Refresh(email, &session); },
             [&] { return AskAuth("SELECT encode(current_hash, 'hex')" + sessions) != hash; });
  Answer answer = account_.Refresh(email, &session);
  EXPECT_EQ(answer.told(), Told::kDone) << answer.Text();
  EXPECT_NE(session.refresh_token, first.refresh_token);
  answer = account_.Refresh(email, &session);
  EXPECT_EQ(answer.told(), Told::kDone) << answer.Text();
  EXPECT_EQ(AskAuth("SELECT count(*)" + sessions), "1");
  // Now somebody got it: whoever has the first one still has a copy.
  SignedIn stolen = first;
  ExpectRefused(account_.Refresh(email, &stolen));
  ExpectRefused(account_.Refresh(email, &session));
}

// L11.
TEST_F(KilledAfterCommitTest, APasswordResetIsUsedOnceAndItsPasswordIsGood) {
  const std::string email = NewEmail(), before = NewName(), after = NewName();
  NewUser(email, before);
  const std::string token = account_.NewResetToken(caller_.admin(), email);
  ASSERT_NE(token, "");
  const std::string pending =
      absl::StrCat("SELECT count(*) FROM password_resets WHERE principal_key = '", email, "'");
  ASSERT_EQ(AskAuth(pending), "1");
  AskAndKill([&] { return account_.UseReset(email, token, after); },
             [&] { return AskAuth(pending) == "0"; });
  const std::string another = NewName();
  ExpectRefused(account_.UseReset(email, token, another));
  EXPECT_EQ(caller_.SignIn(email, after).told(), Told::kDone);
  ExpectRefused(caller_.SignIn(email, before));
  ExpectRefused(caller_.SignIn(email, another));
}

// L9.
TEST_F(KilledAfterCommitTest, AnInvitationIsAcceptedOnceAndItsPasswordIsGood) {
  const auto invitation = account_.NewInvitation(caller_.admin());
  ASSERT_NE(invitation.access_token, "");
  const std::string password = NewName();
  AskAndKill([&] { return account_.Accept(invitation, password); },
             [&] { return MethodExists(house_, invitation.principal); });
  const std::string another = NewName();
  ExpectRefused(account_.Accept(invitation, another));
  EXPECT_EQ(caller_.SignIn(invitation.principal, password).told(), Told::kDone);
  ExpectRefused(caller_.SignIn(invitation.principal, another));
}

}  // namespace killed_after_commit_test
}  // namespace usher::chaos
