// What can be learned from asking for password resets: nothing, but by who may.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "tests/integration/auth/mail_over_the_wire.h"
#include "tests/support/answer_times.h"

namespace usher {
namespace reset_privacy_over_the_wire_test {

using ::testing::IsEmpty;

class ResetPrivacyOverTheWire : public MailOverTheWire {
 protected:
  // The pending resets that `token` is shown of the account's user: by principal, until when.
  std::map<std::string, std::string> Pending(const std::string& token, const Account& account) {
    ::authentication::ListAuthenticationsRequest request;
    request.add_keytype("password_reset");
    request.add_useridlist(account.user);
    std::map<std::string, std::string> pending;
    const auto listed = List(token, request);
    EXPECT_THAT(listed, Answers(::common::OK));
    for (const auto& [user, methods] : listed.results()) {
      EXPECT_EQ(user, account.user);
      for (const auto& method : methods.list()) {
        EXPECT_EQ(method.type(), "password_reset");
        EXPECT_EQ(method.accountstatus(), ::authentication::ACTIVATED);
        EXPECT_THAT(method.permissions(), IsEmpty());
        pending[method.principal()] = method.metadata().at("expiry");
      }
    }
    return pending;
  }
};

TEST_F(ResetPrivacyOverTheWire, APendingResetIsListedAsAMethodUntilItIsUsed) {
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna");
  const std::string own = SignIn(anna.account).access_token;
  EXPECT_THAT(Pending(AdminOf("acme"), anna.account), IsEmpty());
  RequestReset(anna);
  const TakenMail mail = server.Await(anna.email);
  for (const std::string& token : {AdminOf("acme"), own}) {
    const auto pending = Pending(token, anna.account);
    ASSERT_EQ(pending.count(anna.account.username), 1U);
    int64_t expiry = 0;
    ASSERT_TRUE(absl::SimpleAtoi(pending.at(anna.account.username), &expiry));
    EXPECT_GT(expiry, absl::ToUnixSeconds(absl::Now() + absl::Minutes(50)));
    EXPECT_LE(expiry, absl::ToUnixSeconds(absl::Now() + absl::Minutes(61)));
    const auto information = Information(token, anna.account.user);
    EXPECT_EQ(information.authenticationmethodinformation().count("password_reset"), 1U);
  }
  EXPECT_THAT(Pending(SignIn(NewAccount()).access_token, anna.account), IsEmpty());
  EXPECT_THAT(Pending(AdminOf("globex"), anna.account), IsEmpty());
  // Where it is not named, nobody meets it.
  ::authentication::ListAuthenticationsRequest all;
  all.add_useridlist(anna.account.user);
  EXPECT_EQ(List(AdminOf("acme"), all).results().at(anna.account.user).list_size(), 1);

  EXPECT_THAT(UseReset(anna.account, TokenIn(mail)), Answers(::common::OK));
  EXPECT_THAT(Pending(AdminOf("acme"), anna.account), IsEmpty());
}

TEST_F(ResetPrivacyOverTheWire, ANewPasswordLeavesNothingPending) {
  const MailServer server(Strict());
  Start(server);
  const Person anna = NewPerson("anna");
  RequestReset(anna);
  const TakenMail mail = server.Await(anna.email);
  ASSERT_EQ(Pending(AdminOf("acme"), anna.account).size(), 1U);
  Request change = Naming(anna.account);
  change.mutable_usernamepasswordcredentials()->set_password(kNewPassword);
  ASSERT_THAT(Update(AdminOf("acme"), anna.account.user, change), Answers(::common::OK));
  EXPECT_THAT(Pending(AdminOf("acme"), anna.account), IsEmpty());
  EXPECT_THAT(UseReset(anna.account, TokenIn(mail)), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(ResetPrivacyOverTheWire, L12OneSourceAsksForSoManyAndOthersGoOn) {
  const MailServer server(Strict());
  Start(server, "smtp", {"--throttle_source_resets=3"});
  const Person anna = NewPerson("anna");
  RequestReset(anna);
  for (int i = 0; i < 2; ++i) RequestReset("acme", absl::StrCat("nobody-", NewUuid()));
  const auto known = RequestReset(anna);
  EXPECT_THAT(known, Answers(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(known.replyinfo().statusmessage(),
              ::testing::MatchesRegex("too many password resets; try again in [0-9]+ seconds?"));
  EXPECT_THAT(RequestReset("acme", absl::StrCat("nobody-", NewUuid())),
              Answers(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(RequestReset("acme", anna.account.username, AdminOf("acme")), Answers(::common::OK))
      << "administrators";
}

// L1, L12.
TEST_F(ResetPrivacyOverTheWire, KnownUnknownDeactivatedAndForeignAccountsAnswerAlikeInTheSameTime) {
  constexpr size_t kRounds = 61;
  const MailServer server(Strict());
  Start(server, "smtp", {"--reset_mails_an_hour=1000000"});
  const Person known = NewPerson("known");
  const Person deactivated = NewPerson("off");
  SetUserStatus(deactivated.account, ::authentication::DEACTIVATED);
  const Person foreign = NewPerson("foreign", "", "globex");
  const std::vector<std::pair<std::string, std::string>> asked = {
      {"acme", known.account.username},
      {"acme", absl::StrCat("nobody-", NewUuid())},
      {"acme", deactivated.account.username},
      {"acme", foreign.account.username},
      {"no-such-company", known.account.username}};

  std::vector<TimedAnswers> answers;
  for (const auto& [company, username] : asked) {
    answers.push_back({absl::StrCat(username, " of ", company), {}});
  }
  std::vector<size_t> order = {0, 1, 2, 3, 4};
  std::string answer;
  std::mt19937 random(1);  // NOLINT: the same order in each run
  for (size_t round = 0; round < kRounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
      const absl::Time began = absl::Now();
      auto reply = RequestReset(asked[i].first, asked[i].second);
      answers[i].times.push_back(absl::Now() - began);
      reply.mutable_replyinfo()->clear_requestid();
      if (answer.empty()) answer = reply.SerializeAsString();
      ASSERT_EQ(reply.SerializeAsString(), answer) << asked[i].second;
    }
  }
  ExpectNobodyCanTellThemByTheirTimes(answers);
}

}  // namespace reset_privacy_over_the_wire_test
}  // namespace usher
