// authenticate with a refresh token.
#include <set>
#include <thread>

#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace {

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

TEST_F(RefreshOverTheWire, AnEndedOneUsedAgainEndsTheSession) {
  const Reply second = Refresh(account_, session_);
  const Reply third = Refresh(account_, second.accesstoken(), second.refreshtoken());
  ASSERT_THAT(third, Answers(::common::OK));
  EXPECT_THAT(Refresh(account_, session_), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  ExpectEnded(account_, third);
}

TEST_F(RefreshOverTheWire, AReplyThatWasNotLostAfterAllEndsTheSession) {
  const Reply not_lost = Refresh(account_, session_);
  const Reply again = Refresh(account_, session_);
  EXPECT_THAT(Refresh(account_, not_lost.accesstoken(), not_lost.refreshtoken()),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  ExpectEnded(account_, again);
}

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

// Of the many answers to what each time looks like a lost reply, the last is the one that is good.
TEST_F(RefreshOverTheWire, FiftyAtOnceLeaveOneChainOrNone) {
  const std::vector<Reply> successors = RefreshAll(std::vector<Request>(
      50, Refreshing(account_, session_.access_token, session_.refresh_token)));
  std::set<std::string> tokens;
  std::vector<Request> next;
  for (const Reply& reply : successors) {
    if (reply.replyinfo().statuscode() != ::common::OK) {
      EXPECT_THAT(reply, IsRefusedWith(::common::AUTHENTICATION_ERROR));
      continue;
    }
    EXPECT_TRUE(tokens.insert(reply.refreshtoken()).second);
    next.push_back(Refreshing(account_, reply.accesstoken(), reply.refreshtoken()));
  }
  ASSERT_FALSE(next.empty());

  int alive = 0;
  for (const Reply& reply : RefreshAll(next)) {
    if (reply.replyinfo().statuscode() == ::common::OK) ++alive;
  }
  EXPECT_LE(alive, 1);
  ::authentication::ListAuthenticationsRequest sessions;
  sessions.add_keytype("refresh_token");
  sessions.add_useridlist(account_.user);
  auto listed = List(AdminOf("acme"), sessions);
  EXPECT_EQ((*listed.mutable_results())[account_.user].list_size(), alive);
}

// Whoever holds the last of the answers goes on; the others are of no use to anybody.
TEST_F(RefreshOverTheWire, OfFiftyAnswersAtMostOneIsGood) {
  const std::vector<Reply> successors = RefreshAll(std::vector<Request>(
      50, Refreshing(account_, session_.access_token, session_.refresh_token)));
  int good = 0;
  for (const Reply& reply : successors) {
    if (reply.refreshtoken().empty()) continue;
    Reply next = Refresh(account_, reply.accesstoken(), reply.refreshtoken());
    if (next.replyinfo().statuscode() == ::common::OK) ++good;
  }
  EXPECT_LE(good, 1);
  for (const Reply& reply : successors) {
    if (reply.accesstoken().empty()) continue;
    EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::AUTHENTICATION_ERROR))
        << "one of them was used again, which ends the session";
  }
}

}  // namespace
}  // namespace usher
