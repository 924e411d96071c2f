// authenticate with a refresh token.
#include <set>
#include <thread>

#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace refresh_over_the_wire_test {

class RefreshOverTheWire : public AuthOverTheWire {
 protected:
  // Whether it can be continued, and used, no more.
  void ExpectEnded(const Account& account, const Reply& reply) {
    EXPECT_THAT(Refresh(account, reply.accesstoken(), reply.refreshtoken()),
                IsRefusedWith(::common::AUTHENTICATION_ERROR));
    EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::AUTHENTICATION_ERROR));
  }
  // All at once.
  std::vector<Reply> RefreshAll(const std::vector<Request>& requests) {
    std::vector<Reply> replies(requests.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < requests.size(); ++i) {
      threads.emplace_back([&, i] { replies[i] = Authenticate(requests[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    return replies;
  }

  const Account account_ = NewAccount({Permission::kUserList, Permission::kUserShow});
  const SignedIn session_ = SignIn(account_);
};

TEST_F(RefreshOverTheWire, EachUseAnswersANewOneOfTheSameSession) {
  const Reply second = Refresh(account_, session_);
  ASSERT_THAT(second, Answers(::common::OK));
  EXPECT_NE(second.refreshtoken(), session_.refresh_token);
  EXPECT_NE(second.accesstoken(), session_.access_token);
  EXPECT_EQ(second.userid(), account_.user);
  EXPECT_EQ(second.permissions_size(), 2);
  const Reply third = Refresh(account_, second.accesstoken(), second.refreshtoken());
  ASSERT_THAT(third, Answers(::common::OK));
  EXPECT_EQ(Claims(third.accesstoken()).session, Claims(session_.access_token).session);
  EXPECT_THAT(IsAuthenticated(third.accesstoken()), Answers(::common::OK));
}

TEST_F(RefreshOverTheWire, ALostReplyIsAnsweredOnceMore) {
  const Reply lost = Refresh(account_, session_);
  const Reply again = Refresh(account_, session_);
  ASSERT_THAT(again, Answers(::common::OK));
  EXPECT_NE(again.refreshtoken(), lost.refreshtoken());
  EXPECT_THAT(Refresh(account_, again.accesstoken(), again.refreshtoken()), Answers(::common::OK));
}

// L5: the stolen one and the one after it are dead.
TEST_F(RefreshOverTheWire, AnEndedOneUsedAgainEndsTheSession) {
  const Reply second = Refresh(account_, session_);
  const Reply third = Refresh(account_, second.accesstoken(), second.refreshtoken());
  ASSERT_THAT(third, Answers(::common::OK));
  EXPECT_THAT(Refresh(account_, session_), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  ExpectEnded(account_, third);
}

// Two tabs, and a client that repeated itself though the reply was not lost.
TEST_F(RefreshOverTheWire, BothAnswersToTheSameTokenAreGood) {
  for (const bool first_one : {true, false}) {
    const SignedIn session = SignIn(account_);
    const Reply one = Refresh(account_, session), two = Refresh(account_, session);
    const Reply& used = first_one ? one : two;
    const Reply& other = first_one ? two : one;
    const Reply next = Refresh(account_, used.accesstoken(), used.refreshtoken());
    ASSERT_THAT(next, Answers(::common::OK));
    // In time, like the one who lost a reply; after that the session goes on by its newest token.
    const Reply late = Refresh(account_, other.accesstoken(), other.refreshtoken());
    ASSERT_THAT(late, Answers(::common::OK));
    EXPECT_THAT(Refresh(account_, next.accesstoken(), next.refreshtoken()), Answers(::common::OK));
    EXPECT_THAT(IsAuthenticated(late.accesstoken()), Answers(::common::OK));
  }
}

TEST_F(RefreshOverTheWire, TwoThatAreAnsweredAtOnceBothGoOnAndOn) {
  const Request same = Refreshing(account_, session_.access_token, session_.refresh_token);
  std::vector<Request> requests(2, same);
  for (int round = 0; round < 5; ++round) {
    const std::vector<Reply> replies = RefreshAll(requests);
    for (size_t i = 0; i < replies.size(); ++i) {
      ASSERT_THAT(replies[i], Answers(::common::OK));
      requests[i] = Refreshing(account_, replies[i].accesstoken(), replies[i].refreshtoken());
    }
  }
}

// L5: each swapped for another.
TEST_F(RefreshOverTheWire, ItBelongsToPrincipalCompanyAndAccessToken) {
  const SignedIn other_session = SignIn(account_);
  const Account stranger = NewAccount();
  Account wrong_principal = account_, wrong_company = account_;
  wrong_principal.username = stranger.username;
  wrong_company.company = "globex";
  const std::string& access = session_.access_token;
  const std::string& refresh = session_.refresh_token;
  for (const Request& request :
       {Refreshing(wrong_principal, access, refresh), Refreshing(wrong_company, access, refresh),
        Refreshing(account_, other_session.access_token, refresh),
        Refreshing(account_, SignIn(stranger).access_token, refresh),
        Refreshing(account_, "no token", refresh)}) {
    EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(Refresh(account_, access, ""), IsRefusedWith(::common::REQUEST_EMPTY));
  EXPECT_THAT(Refresh(account_, "", refresh), IsRefusedWith(::common::REQUEST_EMPTY));
  EXPECT_THAT(Refresh(account_, session_), Answers(::common::OK)) << "none of it ended the session";
}

TEST_F(RefreshOverTheWire, AMadeUpOneEndsNothing) {
  std::string made_up = session_.refresh_token;
  made_up[made_up.size() / 2] = made_up[made_up.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& token : {made_up, std::string("abc"), session_.refresh_token + "AAAA"}) {
    EXPECT_THAT(Refresh(account_, session_.access_token, token),
                IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
  EXPECT_THAT(Refresh(account_, session_), Answers(::common::OK));
}

TEST_F(RefreshOverTheWire, TheAccessTokenMayHaveExpired) {
  token::AccessToken expired = Claims(session_.access_token);
  expired.issued_at = absl::Now() - absl::Hours(2);
  expired.not_before = expired.issued_at;
  expired.expires_at = absl::Now() - absl::Hours(1);
  const std::string token = house_.Sign(expired);
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::TOKEN_OUTDATED));
  EXPECT_THAT(Refresh(account_, token, session_.refresh_token), Answers(::common::OK));
}

// L6.
TEST_F(RefreshOverTheWire, PermissionsAreThoseGrantedAtSignInThatAreStillHeld) {
  Request change = Naming(account_);
  (*change.mutable_permissions())[::common::USER_SHOW] = false;
  (*change.mutable_permissions())[::common::ROOM_LIST] = true;
  ASSERT_THAT(Update(AdminOf("acme"), account_.user, change), Answers(::common::OK));
  const Reply reply = Refresh(account_, session_);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(Claims(reply.accesstoken()).permissions, PermissionSet{Permission::kUserList});

  Request narrow = Refreshing(account_, reply.accesstoken(), reply.refreshtoken());
  (*narrow.mutable_permissions())[::common::NONE] = true;
  EXPECT_TRUE(Claims(Authenticate(narrow).accesstoken()).permissions.empty());
}

TEST_F(RefreshOverTheWire, AnInactiveAccountIsTold) {
  SetUserStatus(account_, ::authentication::DEACTIVATED);
  const Reply reply = Refresh(account_, session_);
  EXPECT_THAT(reply, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_EQ(reply.accountstatus(), ::authentication::DEACTIVATED);
}

// L5, P4.
// Eight are answered; the others are told so, and nothing ends. Whoever was answered goes on.
TEST_F(RefreshOverTheWire, OfFiftyAtOnceEightAreAnsweredAndAllOfThemGoOn) {
  const std::vector<Reply> successors = RefreshAll(std::vector<Request>(
      50, Refreshing(account_, session_.access_token, session_.refresh_token)));
  std::set<std::string> tokens;
  std::vector<Request> next;
  for (const Reply& reply : successors) {
    if (reply.replyinfo().statuscode() != ::common::OK) {
      EXPECT_THAT(reply, IsRefusedWith(::common::QUOTA_EXCEEDED));
      continue;
    }
    EXPECT_TRUE(tokens.insert(reply.refreshtoken()).second);
    next.push_back(Refreshing(account_, reply.accesstoken(), reply.refreshtoken()));
  }
  EXPECT_EQ(tokens.size(), 8u);
  for (const Reply& reply : RefreshAll(next)) {
    ASSERT_THAT(reply, Answers(::common::OK));
    EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::OK));
  }
  ::authentication::ListAuthenticationsRequest sessions;
  sessions.add_keytype("refresh_token");
  sessions.add_useridlist(account_.user);
  auto listed = List(AdminOf("acme"), sessions);
  EXPECT_EQ((*listed.mutable_results())[account_.user].list_size(), 1);
}

TEST_F(RefreshOverTheWire, AnotherSpellingOfATokenIsNotThatToken) {
  const std::string& token = session_.refresh_token;
  for (const std::string& spelling : {token + "=", token + "==", token + " ", " " + token,
                                      token + "\n", token + "\r\n", "\t" + token}) {
    EXPECT_THAT(Refresh(account_, session_.access_token, spelling),
                IsRefusedWith(::common::AUTHENTICATION_ERROR))
        << spelling;
  }
  EXPECT_THAT(Refresh(account_, session_), Answers(::common::OK));
}

TEST_F(RefreshOverTheWire, ATokenWithExtensionDisallowedRefreshesNothing) {
  ::authentication::SignAccessTokenRequest request;
  request.mutable_accesstoken()->set_userid(account_.user);
  request.mutable_accesstoken()->set_extensiondisallowed(true);
  const Reply child =
      Ask(&AuthStub::signAccessToken, As(session_.access_token, std::move(request)));
  ASSERT_THAT(child, Answers(::common::OK));
  EXPECT_THAT(Refresh(account_, child.accesstoken(), session_.refresh_token),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Refresh(account_, session_), Answers(::common::OK));
}

}  // namespace refresh_over_the_wire_test
}  // namespace usher
