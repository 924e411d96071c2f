// What servers that follow auth say while they cannot, and how soon they know what auth knows.
#include <atomic>
#include <pqxx/pqxx>
#include <thread>
#include <vector>

#include "tests/integration/auth/auth_over_the_wire.h"
#include "tests/support/database_outage.h"

namespace usher {
namespace auth_feed_test {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr char kNotJudged[] = "auth is out of reach; nothing was changed, try again";

class AuthFeedOverTheWire : public AuthOverTheWire {
 protected:
  // What usher-room says of a token.
  grpc::Status RoomSays(const std::string& token, ::common::ReplyInfo* info) {
    ::roomService::RoomListReply reply;
    const grpc::Status status =
        Try(&RoomStub::List, As<::roomService::RoomListRequest>(token), &reply);
    *info = reply.replyinfo();
    return status;
  }
  // What usher-user says of it.
  ::common::ReplyStatusCode UserSays(const std::string& token) {
    ::user::UserListReply reply;
    (void)Try(&UserStub::userList, As<::user::UserListRequest>(token), &reply);
    return reply.replyinfo().statuscode();
  }
  // As if another replica had written it.
  void RevokeTheSessionOf(const std::string& token) {
    house_.database("auth").Run(absl::StrCat(
        "INSERT INTO revocations (company_id, kind, subject, issued_until, reason) VALUES ('acme', "
        "1, '",
        Claims(token).session.value(), "', clock_timestamp() + interval '10 minutes', 1)"));
  }
  // Waits until usher-room answers by itself, in whichever way.
  void AwaitRoom(const std::string& token) {
    const absl::Time until = absl::Now() + kPatience;
    ::common::ReplyInfo info;
    grpc::Status status = RoomSays(token, &info);
    while (!status.ok() && status.error_message() != kNotJudged && absl::Now() < until) {
      status = RoomSays(token, &info);
    }
  }
  void ExpectNotJudged(const std::string& token) {
    ::common::ReplyInfo info;
    const grpc::Status status = RoomSays(token, &info);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << info.ShortDebugString();
    EXPECT_EQ(status.error_message(), kNotJudged);
  }
  void ExpectJudged(const std::string& token, ::common::ReplyStatusCode code) {
    ::common::ReplyInfo info;
    EXPECT_TRUE(RoomSays(token, &info).ok());
    EXPECT_EQ(info.statuscode(), code) << info.ShortDebugString();
  }

  const Account good_ = NewAccount();
  const std::string good_token_ = SignIn(good_).access_token;
  const Account gone_ = NewAccount();
  const std::string revoked_token_ = SignIn(gone_).access_token;
};

// C4.
TEST_F(AuthFeedOverTheWire, AServerThatStartsWhileAuthIsAwayJudgesNoTokenUntilItIsBack) {
  SetUserStatus(gone_, ::authentication::DEACTIVATED);
  ASSERT_TRUE(
      WithinFiveSeconds([&] { return AllAnswer(revoked_token_, ::common::ACCOUNT_STATUS_ERROR); }));
  house_.Kill("auth");
  house_.Kill("room");
  house_.Launch("room");
  AwaitRoom(good_token_);
  ExpectNotJudged(good_token_);
  ExpectNotJudged(revoked_token_);
  ExpectNotJudged("no token at all");
  house_.Start("auth");
  house_.AwaitServing("room");
  ExpectJudged(good_token_, ::common::OK);
  ExpectJudged(revoked_token_, ::common::ACCOUNT_STATUS_ERROR);
}

// Auth knows by itself what its database has told it.
TEST_F(AuthFeedOverTheWire, AServerThatStartsWhileAuthsDatabaseIsAwayKnowsWhatWasRevoked) {
  SetUserStatus(gone_, ::authentication::DEACTIVATED);
  ASSERT_TRUE(
      WithinFiveSeconds([&] { return AllAnswer(revoked_token_, ::common::ACCOUNT_STATUS_ERROR); }));
  {
    const DatabaseOutage outage(house_, "auth");
    house_.Restart("room");
    ExpectJudged(good_token_, ::common::OK);
    ExpectJudged(revoked_token_, ::common::ACCOUNT_STATUS_ERROR);
  }
  EXPECT_TRUE(WithinFiveSeconds([&] {
    Reply reply;
    return Try(&AuthStub::authenticate, PasswordOf(good_), &reply).ok();
  }));
}

// No thread, no queue and no connection that calls can take lies in the way of the feed.
TEST_F(AuthFeedOverTheWire, ARevocationIsHeardOfWhileEveryThreadOfAuthThatStatementsTakeWaits) {
  ExpectJudged(good_token_, ::common::OK);
  std::atomic<bool> stopping{false};
  std::vector<std::thread> callers;
  {
    pqxx::connection connection(house_.database("auth").url());
    pqxx::work lock(connection);
    lock.exec("LOCK TABLE methods IN ACCESS EXCLUSIVE MODE");
    // More than four threads with sixteen calls each.
    for (int i = 0; i < 100; ++i) {
      callers.emplace_back([&] {
        ::authentication::AuthenticationInformationRequest request;
        request.set_userid(good_.user);
        while (!stopping.load()) {
          ::authentication::AuthenticationInformationReply reply;
          (void)Try(&AuthStub::authenticationInformation, As(good_token_, request), &reply);
        }
      });
    }
    const absl::Time until = absl::Now() + kPatience;
    const auto all_wait = [this] {
      return house_.database("auth").Ask(
                 "SELECT count(*) >= 4 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                 "datname = current_database()") == "t";
    };
    while (!all_wait() && absl::Now() < until) std::this_thread::yield();
    RevokeTheSessionOf(good_token_);
    EXPECT_TRUE(WithinFiveSeconds([&] {
      ::common::ReplyInfo info;
      (void)RoomSays(good_token_, &info);
      return info.statuscode() == ::common::AUTHENTICATION_ERROR;
    }));
    stopping.store(true);
  }
  for (std::thread& caller : callers) caller.join();
}

// Nor do the calls to auth that another service has under way: they take all the places that it has
// for them, and shut the door to auth when they run out of time there.
TEST_F(AuthFeedOverTheWire, ARevocationIsHeardOfByAServiceWhoseCallsToAuthHang) {
  EXPECT_EQ(UserSays(good_token_), ::common::OK);
  const std::string admin = AdminOf("acme");
  std::atomic<bool> stopping{false};
  std::atomic<int> undecided{0};
  std::vector<std::thread> callers;
  {
    pqxx::connection connection(house_.database("auth").url());
    pqxx::work lock(connection);
    lock.exec("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
    for (int i = 0; i < 40; ++i) {  // of 16 places
      callers.emplace_back([&] {
        while (!stopping.load()) {
          auto request = As<::user::UserCreateRequest>(admin);
          request.mutable_user()->set_email(NewUuid() + "@x.org");
          grpc::ClientContext context;
          context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
          ::user::UserCreateReply reply;
          if (!house_.user().userCreate(&context, request, &reply).ok()) ++undecided;
        }
      });
    }
    const absl::Time until = absl::Now() + kPatience;
    while (undecided < 40 && absl::Now() < until) std::this_thread::yield();
    RevokeTheSessionOf(good_token_);
    EXPECT_TRUE(
        WithinFiveSeconds([&] { return UserSays(good_token_) == ::common::AUTHENTICATION_ERROR; }));
    stopping.store(true);
  }
  for (std::thread& caller : callers) caller.join();
}

}  // namespace auth_feed_test
}  // namespace usher
