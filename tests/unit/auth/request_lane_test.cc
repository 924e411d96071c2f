#include "services/auth/request_lane.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace usher::auth {
namespace request_lane_test {

using ::authentication::AuthenticationCreateRequest;
using ::authentication::AuthenticationRequest;
using ::authentication::AuthenticationUpdateRequest;
using rpc::Lane;

constexpr char kRandomCode[] = "3q2-7wAbCdEfGhIjKlMnOpQrStUvWxYz0123456789_";

AuthenticationRequest WithPassword(const std::string& password) {
  AuthenticationRequest request;
  request.mutable_usernamepasswordcredentials()->set_password(password);
  return request;
}

AuthenticationRequest WithCode(const std::string& code) {
  AuthenticationRequest request;
  request.mutable_authorizationcodecredentials()->set_code(code);
  return request;
}

AuthenticationRequest AsGuest(const std::string& code) {
  AuthenticationRequest request;
  request.mutable_guestaccesscredentials()->set_code(code);
  return request;
}

AuthenticationRequest WithRefreshToken() {
  AuthenticationRequest request;
  request.mutable_refreshtokencredentials()->set_refreshtoken("token");
  return request;
}

AuthenticationUpdateRequest Update(const AuthenticationRequest& method) {
  AuthenticationUpdateRequest request;
  *request.mutable_authenticationrequest() = method;
  return request;
}

// Guesses that do not come to an end, on every thread and in every place that they can have.
class Guesses {
 public:
  Guesses() {
    while (Add(LaneOf(WithPassword("a guess")), [this] { over_.WaitForNotification(); })) {
    }
  }
  ~Guesses() { over_.Notify(); }

  // Whether what runs in that lane is done meanwhile.
  bool LeaveAloneWhatRunsIn(Lane lane) {
    auto done = std::make_shared<absl::Notification>();
    return Add(lane, [done] { done->Notify(); }) &&
           done->WaitForNotificationWithTimeout(absl::Seconds(60));
  }

 private:
  bool Add(Lane lane, std::function<void()> body) {
    return lanes_.Of(lane).TryAdd(
        "192.0.2.1", absl::InfiniteFuture(), [body = std::move(body)](absl::Status) { body(); },
        rpc::Standing::kStranger);
  }

  absl::Notification over_;
  rpc::Lanes lanes_{{.store_threads = 1, .slow_threads = 1, .hash_threads = 2, .hash_queue = 40}};
};

// C7.
TEST(RequestLane, GuessesDoNotHoldUpARefresh) {
  Guesses guesses;
  EXPECT_TRUE(guesses.LeaveAloneWhatRunsIn(LaneOf(WithRefreshToken())));
  EXPECT_EQ(LaneOf(WithPassword("a guess")), Lane::kHash);
  EXPECT_EQ(LaneOf(WithCode("a guess")), Lane::kHash);
  EXPECT_EQ(LaneOf(AsGuest("1234")), Lane::kHash);
  EXPECT_EQ(LaneOf(WithRefreshToken()), Lane::kStore);
}

TEST(RequestLane, GuessesDoNotHoldUpRandomCodes) {
  EXPECT_EQ(LaneOf(WithCode(kRandomCode)), Lane::kStore);
  EXPECT_EQ(LaneOf(AsGuest(kRandomCode)), Lane::kStore);
  EXPECT_EQ(LaneOf(WithPassword(kRandomCode)), Lane::kHash);
}

TEST(RequestLane, WhatIsRefusedUnhashedDoesNotQueueWhereOthersHash) {
  EXPECT_EQ(LaneOf(AuthenticationRequest()), Lane::kStore);
  EXPECT_EQ(LaneOf(WithPassword("")), Lane::kStore);
  EXPECT_EQ(LaneOf(WithPassword(std::string(4 << 20, 'a'))), Lane::kStore);
}

TEST(RequestLane, WhoeverWaitsForADirectoryWaitsApart) {
  AuthenticationRequest directory;
  directory.mutable_ldapcredentials()->set_password("secret");
  EXPECT_EQ(LaneOf(directory), Lane::kDirectory);
  AuthenticationUpdateRequest update;
  *update.mutable_authenticationrequest() = directory;
  EXPECT_EQ(LaneOf(update), Lane::kStore);
  // An invitation to it, whatever else is said.
  update.mutable_authenticationrequest()->mutable_activationtokencredentials();
  EXPECT_EQ(LaneOf(update), Lane::kDirectory);
  update.mutable_authenticationrequest()->set_accountstatus(::authentication::DELETED);
  EXPECT_EQ(LaneOf(update), Lane::kDirectory);
  AuthenticationCreateRequest create;
  *create.mutable_authenticationrequest() = directory;
  EXPECT_EQ(LaneOf(create), Lane::kStore);
}

TEST(RequestLane, CreatingAUserHashesOrAsksForTheRoomOrDoesNeither) {
  AuthenticationCreateRequest request;
  EXPECT_EQ(LaneOf(request), Lane::kStore);
  *request.mutable_authenticationrequest() = WithPassword("secret");
  EXPECT_EQ(LaneOf(request), Lane::kHash);
  *request.mutable_authenticationrequest() = WithCode(kRandomCode);
  EXPECT_EQ(LaneOf(request), Lane::kStore);
  for (const char* code : {"1234", kRandomCode}) {
    *request.mutable_authenticationrequest() = AsGuest(code);
    EXPECT_EQ(LaneOf(request), Lane::kSlow);
  }
}

// S3.
TEST(RequestLane, GuessesDoNotHoldUpWhatEndsThem) {
  AuthenticationUpdateRequest deactivate;
  deactivate.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  EXPECT_EQ(LaneOf(deactivate), Lane::kStore);
  EXPECT_TRUE(Guesses().LeaveAloneWhatRunsIn(LaneOf(deactivate)));
  AuthenticationUpdateRequest remove_all;
  remove_all.set_removeall(true);
  EXPECT_EQ(LaneOf(remove_all), Lane::kStore);
  AuthenticationRequest password = WithPassword("secret");
  password.set_accountstatus(::authentication::DELETED);
  EXPECT_EQ(LaneOf(Update(password)), Lane::kStore);
  AuthenticationRequest session = WithRefreshToken();
  session.set_accountstatus(::authentication::DELETED);
  EXPECT_EQ(LaneOf(Update(session)), Lane::kStore);
}

TEST(RequestLane, ANewSecretIsHashedAndSoMayBeTheOneBefore) {
  EXPECT_EQ(LaneOf(Update(WithPassword("secret"))), Lane::kHash);
  EXPECT_EQ(LaneOf(Update(AsGuest("1234"))), Lane::kHash);
  AuthenticationRequest code = WithCode(kRandomCode);
  EXPECT_EQ(LaneOf(Update(code)), Lane::kStore);
  code.mutable_authorizationcodecredentials()->set_currentcode("made up");
  EXPECT_EQ(LaneOf(Update(code)), Lane::kHash);
  code.mutable_authorizationcodecredentials()->set_currentcode(kRandomCode);
  EXPECT_EQ(LaneOf(Update(code)), Lane::kStore);
}

TEST(RequestLane, EnsuringAUserHashesOnlyWithASecret) {
  ::usher::internal::v1::EnsureUserRequest request;
  EXPECT_EQ(LaneOf(request), Lane::kStore);
  *request.mutable_authenticationrequest() = WithPassword("secret");
  EXPECT_EQ(LaneOf(request), Lane::kHash);
  *request.mutable_authenticationrequest() = AsGuest("1234");
  EXPECT_EQ(LaneOf(request), Lane::kStore);
  EXPECT_EQ(LaneByRequest<::usher::internal::v1::EnsureUserRequest>(request), Lane::kStore);
}

}  // namespace request_lane_test
}  // namespace usher::auth
