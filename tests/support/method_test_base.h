// What tests of Methods and KnownUsers stand on: the domain over fakes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "services/auth/method/known_users.h"
#include "services/auth/method/methods.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/fake_refusals.h"
#include "tests/support/fake_room_directory.h"
#include "tests/support/fake_throttle_store.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

inline constexpr char kGoodPassword[] = "vT9#kq-8wz";
inline constexpr char kOtherPassword[] = "Lm4!rp_7xy";

class MethodTestBase : public ::testing::Test {
 protected:
  MethodTestBase() {
    EXPECT_THAT(store_.InsertCompany(ACall(), CompanyId("acme"), {}), IsOkAndHolds(true));
    EXPECT_THAT(store_.InsertCompany(ACall(), CompanyId("beta"), {}), IsOkAndHolds(true));
  }

  static Pepper TestPepper() { return Pepper({Secret(std::string(32, 'p'))}); }

  // A company administrator of "acme".
  static ACaller Administrator() {
    return ACaller().With(kCompanyAdministrator).With(Permission::kRoomAdmin);
  }
  static ACaller Platform() {
    return ACaller()
        .In("operator")
        .InOperatorCompany()
        .With(kCompanyAdministrator)
        .With(kPlatformPermissions);
  }

  static MethodWish Password(const std::string& username, const std::string& password,
                             const std::string& current = "") {
    PasswordCredentials body;
    body.username = username;
    body.password = Secret(password);
    body.current = Secret(current);
    return Wish(std::move(body));
  }
  static MethodWish Code(const std::string& client, const std::string& code,
                         const std::string& current = "") {
    CodeCredentials body;
    body.client_id = client;
    body.code = Secret(code);
    body.current = Secret(current);
    return Wish(std::move(body));
  }
  static MethodWish Guest(const RoomId& room, const std::string& code = "guest code") {
    GuestCredentials body;
    body.room = room;
    body.code = Secret(code);
    return Wish(std::move(body));
  }
  static MethodWish SessionOf(const SessionId& session) {
    return Wish(SessionCredentials{.session = session});
  }
  template <class Body>
  static MethodWish Wish(Body body) {
    MethodWish wish;
    wish.credentials = Credentials{.company = std::nullopt, .body = std::move(body)};
    return wish;
  }
  static MethodWish InAcme(MethodWish wish) {
    wish.credentials->company = CompanyId("acme");
    return wish;
  }
  static MethodWish StatusOnly(AccountStatus status) {
    MethodWish wish;
    wish.status = status;
    return wish;
  }

  UserId Made(const MethodWish& wish, const Caller& caller) {
    const auto made = methods_.Create(caller, wish);
    EXPECT_OK(made);
    return made.ok() ? made->user : UserId();
  }
  UserId Made(const MethodWish& wish) { return Made(wish, Administrator()); }
  // A user of "acme" who signs in as `name` with kGoodPassword.
  UserId MadeUser(const std::string& name, PermissionSet permissions = {}) {
    MethodWish wish = Password(name, kGoodPassword);
    wish.permissions.give = permissions;
    return Made(wish);
  }
  absl::Status Update(const Caller& caller, const UserId& user, const MethodWish& method,
                      bool remove_all = false) {
    return methods_.Update(caller,
                           UpdateWish{.user = user, .remove_all = remove_all, .method = method});
  }
  // Of "acme", in which everybody has these rights.
  RoomId Room(RoomRights rights) {
    const RoomId room(NewUuid());
    rooms_.Make(CompanyId("acme"), room, rights);
    return room;
  }
  SessionId Session(const UserId& user, KeyType key_type, const std::string& principal) {
    FakeSession session;
    session.company = CompanyId("acme");
    session.id = SessionId(NewUuid());
    session.user = user;
    session.method = {key_type, PrincipalKey(key_type, principal)};
    session.created_at = clock_.Now();
    session.expires_at = clock_.Now() + absl::Hours(1);
    store_.AddSession(session);
    return session.id;
  }
  std::optional<MethodStanding> Find(KeyType key_type, const std::string& principal,
                                     const std::string& company = "acme") {
    const auto found = store_.FindMethod(ACall(), CompanyId(company),
                                         {key_type, PrincipalKey(key_type, principal)});
    EXPECT_OK(found);
    return found.ok() ? *found : std::nullopt;
  }
  // Whether one could sign in with it.
  bool Matches(KeyType key_type, SecretKind kind, const std::string& principal,
               const std::string& secret) {
    const auto found = Find(key_type, principal);
    if (!found.has_value()) return false;
    const auto matches = vault_.Verify(ACall(), Secret(secret), kind, found->method.sealed_secret,
                                       AssociatedData(found->method.company, found->method.key()));
    EXPECT_OK(matches);
    return matches.ok() && matches->matches;
  }
  bool SignsIn(const std::string& username, const std::string& password) {
    return Matches(KeyType::kPassword, SecretKind::kPassword, username, password);
  }
  // How a token of the user in that session fares.
  absl::Status Check(const UserId& user, const SessionId& session) {
    return revocations_.Check(ACaller()
                                  .As(user)
                                  .InSession(session)
                                  .IssuedAt(clock_.Now() - absl::Seconds(1))
                                  .Build()
                                  .token());
  }

  FakeClock clock_;  // the database's
  SkewedClock auth_clock_{clock_};
  FakeMethodStore store_{clock_};
  SecretVault vault_{TestPepper(), {.memory = 8192, .passes = 1, .threads = 1}};
  FakeRoomDirectory rooms_;
  token::Revocations revocations_;
  FakeThrottleStore throttle_store_{clock_};
  FakeRefusals refusals_;
  // Lets everybody guess: tests of guessing make one of their own.
  GuessThrottle throttle_{
      throttle_store_,
      refusals_,
      TestPepper(),
      {.free_guesses = 0, .account_guesses = 0, .source_guesses = 0, .source_resets = 0}};
  const InvitationPost post_{TestPepper(), LinkBases::Parse({"https://app.example.org"}).value(),
                             /*mails_are_sent=*/true};
  Methods methods_{store_, store_, vault_, rooms_, revocations_, auth_clock_, throttle_, post_};
  KnownUsers users_{store_, vault_, methods_, revocations_, auth_clock_};
};

}  // namespace usher::auth
