// Tokens on all five services: which are taken, which are refused and why, and what ends them.
#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/signed_token.h"

namespace usher {
namespace tokens_over_the_wire_test {

using ::testing::Each;
using ::testing::Pair;

class TokensOverTheWire : public AuthOverTheWire {
 protected:
  static token::AccessToken AToken() {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("acme");
    return token;
  }
};

TEST_F(TokensOverTheWire, IsAuthenticatedSaysWhatPublishedClientsAskFor) {
  auto request = Access(SignIn(NewAccount()).access_token);
  request.set_requestid("r-1");
  ::common::ReplyInfo expected;
  expected.set_requestid("r-1");
  expected.set_statuscode(::common::OK);
  expected.set_statusmessage("You were authenticated successfully");
  EXPECT_THAT(Ask(&AuthStub::isAuthenticated, request), EqualsProto(expected));
}

TEST_F(TokensOverTheWire, AGoodTokenIsGoodOnAllServices) {
  EXPECT_THAT(OutcomesOf(SignIn(NewAccount()).access_token),
              Each(Pair(::testing::_, Answers(::common::OK))));
}

TEST_F(TokensOverTheWire, AMissingTokenIsSaidToBeMissing) {
  EXPECT_THAT(OutcomesOf(""), Each(Pair(::testing::_, Answers(::common::ACCESS_INFO_MISSING))));
  EXPECT_THAT(Ask(&UserStub::userList, ::user::UserListRequest()),
              Answers(::common::ACCESS_INFO_MISSING));
}

TEST_F(TokensOverTheWire, AnExpiredTokenIsOutdated) {
  token::AccessToken token = AToken();
  token.issued_at = absl::Now() - absl::Hours(2);
  token.expires_at = absl::Now() - absl::Seconds(1);
  EXPECT_THAT(OutcomesOf(house_.Sign(token)),
              Each(Pair(::testing::_, Answers(::common::TOKEN_OUTDATED))));
}

TEST_F(TokensOverTheWire, ATokenThatIsNotOursIsRefused) {
  const std::string good = house_.Sign(AToken());
  std::string other_claims = good, other_signature = good;
  other_claims.back() ^= 1;
  other_signature[20] ^= 1;
  token::AccessToken full = token::AToken(absl::Now());
  full.permissions = kCompanyAdministrator;
  const std::string other_key = token::SignWith(token::AKey(7), full);
  for (const std::string& token :
       {other_claims, other_signature, other_key, good + "x", good.substr(0, good.size() - 1),
        good.substr(0, 73), std::string("x"), std::string(5000, '\1')}) {
    EXPECT_THAT(OutcomesOf(token),
                Each(Pair(::testing::_, Answers(::common::AUTHENTICATION_ERROR))));
  }
}

// A tampered token that has expired as well must not tell that it was once good.
TEST_F(TokensOverTheWire, ATamperedTokenIsNotCalledOutdated) {
  token::AccessToken token = AToken();
  token.issued_at = absl::Now() - absl::Hours(2);
  token.expires_at = absl::Now() - absl::Hours(1);
  std::string tampered = house_.Sign(token);
  tampered.back() ^= 1;
  EXPECT_THAT(IsAuthenticated(tampered), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(TokensOverTheWire, TheOtherTypesAreTakenWhereTheyAreMeant) {
  token::AccessToken token = AToken();
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(NewUuid());
  const std::string joining = house_.Sign(token);
  EXPECT_THAT(IsAuthenticated(joining), Answers(::common::OK));
  EXPECT_THAT(List(joining, {}), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Create(joining, Request()), Answers(::common::AUTHENTICATION_ERROR));
  token.type = token::TokenType::kActivation;
  token.only_room = RoomId();
  EXPECT_THAT(IsAuthenticated(house_.Sign(token)), Answers(::common::OK));
  EXPECT_THAT(Information(house_.Sign(token), token.user.value()),
              Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(TokensOverTheWire, DeactivatingAUserStopsItsTokensOnAllServices) {
  const Account account = NewAccount();
  const std::string token = SignIn(account).access_token;
  ASSERT_TRUE(AllAnswer(token, ::common::OK));
  SetUserStatus(account, ::authentication::DEACTIVATED);
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::ACCOUNT_STATUS_ERROR)) << "at once";
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllAnswer(token, ::common::ACCOUNT_STATUS_ERROR); }));
  SetUserStatus(account, ::authentication::ACTIVATED);
  EXPECT_TRUE(AllAnswer(SignIn(account).access_token, ::common::OK));
  EXPECT_FALSE(AllAnswer(token, ::common::OK)) << "what has ended stays ended";
}

TEST_F(TokensOverTheWire, DestroyingAUserStopsItsTokensOnAllServices) {
  const Account account = NewAccount();
  const std::string token = SignIn(account).access_token;
  ::user::UserDestroyRequest destroy;
  destroy.set_userid(account.user);
  ASSERT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllAnswer(token, ::common::ACCOUNT_STATUS_ERROR); }));
}

TEST_F(TokensOverTheWire, SigningOutEndsOneSessionAndNoOther) {
  const Account account = NewAccount();
  const SignedIn ended = SignIn(account), other = SignIn(account);
  Request sign_out;
  sign_out.mutable_refreshtokencredentials()->set_principal(
      Claims(ended.access_token).session.value());
  sign_out.set_accountstatus(::authentication::DELETED);
  ASSERT_THAT(Update(ended.access_token, account.user, sign_out), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(ended.access_token), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(WithinFiveSeconds(
      [&] { return AllAnswer(ended.access_token, ::common::AUTHENTICATION_ERROR); }));
  EXPECT_THAT(Refresh(account, ended), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(AllAnswer(other.access_token, ::common::OK));
  EXPECT_THAT(Refresh(account, other), Answers(::common::OK));
  EXPECT_THAT(Update(other.access_token, account.user, sign_out), Answers(::common::NOT_FOUND));
}

TEST_F(TokensOverTheWire, SigningSomebodyElseOutTakesUserAdmin) {
  const Account account = NewAccount({Permission::kUserList});
  const SignedIn session = SignIn(account);
  Request sign_out;
  auto& named = *sign_out.mutable_refreshtokencredentials();
  named.set_principal(Claims(session.access_token).session.value());
  sign_out.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(TokenWith({Permission::kUserList}), account.user, sign_out),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(TokenWith({Permission::kUserAdmin}), account.user, sign_out),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(AdminOf("globex"), account.user, sign_out), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Update(AdminOf("acme"), NewAccount().user, sign_out), Answers(::common::NOT_FOUND));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::OK));
  EXPECT_THAT(Update(AdminOf("acme"), account.user, sign_out), Answers(::common::OK));
  EXPECT_THAT(IsAuthenticated(session.access_token), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(TokensOverTheWire, SigningOutIsAllThatCanBeDoneWithASession) {
  const Account account = NewAccount();
  const std::string token = SignIn(account).access_token;
  Request change;
  change.mutable_refreshtokencredentials()->set_principal("abc");
  change.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(token, account.user, change), Answers(::common::PROTOCOL_ERROR));
  change.mutable_refreshtokencredentials()->set_principal("");
  EXPECT_THAT(Update(token, account.user, change), Answers(::common::REQUEST_EMPTY));
  change.mutable_refreshtokencredentials()->set_principal(NewUuid());
  EXPECT_THAT(Update(token, account.user, change), Answers(::common::NOT_FOUND));
  change.mutable_refreshtokencredentials()->set_principal(Claims(token).session.value());
  change.set_accountstatus(::authentication::DEACTIVATED);
  EXPECT_THAT(Update(token, account.user, change), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::OK));
}

}  // namespace tokens_over_the_wire_test
}  // namespace usher
