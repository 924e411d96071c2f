// What the contracts of auth's stores stand on. A fixture has
//   MethodStore& store();
//   KnownUserStore& users();
//   RevocationStore& revocations();
//   void AddSession(const FakeSession&);
//   void SwitchOff(const CompanyId&);
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/judging.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

inline const CompanyId kAcme("acme");
inline const CompanyId kBeta("beta");

// A password method of a user of its own in "acme".
inline Method AMethod(const std::string& principal, PermissionSet permissions = {}) {
  Method method;
  method.company = kAcme;
  method.key_type = KeyType::kPassword;
  method.principal = principal;
  method.principal_key = PrincipalKey(method.key_type, principal);
  method.user = UserId(NewUuid());
  method.sealed_secret = "sealed " + principal;
  method.permissions = permissions;
  return method;
}

inline Method ACode(const std::string& principal, const UserId& user) {
  Method method = AMethod(principal);
  method.key_type = KeyType::kAuthorizationCode;
  method.user = user;
  return method;
}

inline Method AGuest(bool shareable = false) {
  Method method = AMethod("guest");
  method.key_type = KeyType::kGuestAccess;
  method.principal = method.principal_key = method.user.value();
  method.room = RoomId(NewUuid());
  method.shareable = shareable;
  return method;
}

template <class Fixture>
class MethodStoreFixture : public Fixture {
 protected:
  MethodStoreFixture() {
    EXPECT_THAT(this->users().InsertCompany(ACall(), kAcme, {}), IsOkAndHolds(true));
    EXPECT_THAT(this->users().InsertCompany(ACall(), kBeta, {}), IsOkAndHolds(true));
  }

  Method Insert(const Method& method) {
    EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), method), IsOkAndHolds(method.user));
    return method;
  }
  // A further method for a user that is there.
  void Add(const Method& method) {
    UserChange change = ChangeOf(method);
    change.edit->may_insert = true;
    change.edit->sealed_secret = method.sealed_secret;
    change.edit->permissions.give = method.permissions;
    ASSERT_OK(this->store().ChangeUser(ACall(), change, Judging(change)));
  }
  // A change of the method that changes nothing yet.
  UserChange ChangeOf(const Method& method) {
    UserChange change = ChangeOf(method.user);
    change.edit.emplace();
    change.edit->key = method.key();
    change.edit->principal = method.principal;
    return change;
  }
  UserChange ChangeOf(const UserId& user) {
    UserChange change;
    change.company = kAcme;
    change.user = user;
    const auto standing = FindUser(user);
    if (standing.has_value()) change.held = standing->held;
    return change;
  }
  SessionId Session(const Method& method, absl::Duration age = absl::ZeroDuration()) {
    FakeSession session;
    session.company = method.company;
    session.id = SessionId(NewUuid());
    session.user = method.user;
    session.method = method.key();
    session.granted = method.permissions;
    session.created_at = absl::Now() - age;
    session.expires_at = absl::Now() + absl::Hours(1);
    this->AddSession(session);
    return session.id;
  }
  std::optional<MethodStanding> Find(const Method& method) {
    const auto found = this->store().FindMethod(ACall(), method.company, method.key());
    EXPECT_OK(found);
    return found.ok() ? *found : std::nullopt;
  }
  std::optional<UserStanding> FindUser(const UserId& user) {
    const auto found = this->users().FindUser(ACall(), kAcme, user, absl::Now());
    EXPECT_OK(found);
    return found.ok() ? *found : std::nullopt;
  }
  std::vector<std::string> TypesOf(const UserId& user) {
    std::vector<std::string> types;
    const auto listed = this->store().ListOfUser(ACall(), kAcme, user, absl::Now());
    EXPECT_OK(listed);
    if (!listed.ok()) return types;
    for (const Method& method : *listed) types.push_back(KeyTypeName(method.key_type));
    return types;
  }
  MethodFilter InAcme() {
    MethodFilter filter;
    filter.companies = {kAcme};
    filter.now = absl::Now();
    return filter;
  }
  std::vector<std::string> Listed(const MethodFilter& filter) {
    std::vector<std::string> principals;
    const auto page = this->store().List(ACall(), filter);
    EXPECT_OK(page);
    if (!page.ok()) return principals;
    for (const Method& method : page->methods) {
      EXPECT_EQ(method.sealed_secret, "");
      principals.push_back(method.principal);
    }
    return principals;
  }
};

inline const char* Mark(token::RevocationReason reason) {
  if (reason == token::RevocationReason::kSignedOut) return "";
  return reason == token::RevocationReason::kAccountInactive ? "!" : "-";
}
// What was ended, as "session <id>" or "user <id>", with "!" where the account is not active, and
// with "-" where rights were taken.
inline std::vector<std::string> InWords(const absl::StatusOr<Ended>& ended) {
  EXPECT_OK(ended);
  std::vector<std::string> words;
  if (!ended.ok()) return words;
  for (const token::Revocation& revocation : *ended) {
    EXPECT_EQ(revocation.company, kAcme);
    EXPECT_GT(revocation.sequence, 0);
    words.push_back(
        absl::StrCat(revocation.kind == token::RevocationKind::kSession ? "session " : "user ",
                     revocation.subject, Mark(revocation.reason)));
  }
  return words;
}
inline std::string Ending(const SessionId& session) { return "session " + session.value(); }
inline std::string Ending(const UserId& user) { return "user " + user.value(); }

// Changes of users of "acme".
template <class Fixture>
class MethodChangeFixture : public MethodStoreFixture<Fixture> {
 protected:
  absl::StatusOr<Ended> Change(const UserChange& change) {
    return this->store().ChangeUser(ACall(), change, Judging(change));
  }
  absl::StatusOr<Ended> SetStatus(const Method& method, AccountStatus status,
                                  bool may_lift_lock = false) {
    UserChange change = this->ChangeOf(method);
    change.may_lift_lock = may_lift_lock;
    change.edit->status = status;
    return Change(change);
  }
  absl::StatusOr<Ended> Remove(const Method& method) {
    UserChange change = this->ChangeOf(method);
    change.edit->remove = true;
    return Change(change);
  }
  absl::StatusOr<Ended> RemoveUser(const UserId& user) {
    return this->users().RemoveUser(ACall(), kAcme, user,
                                    Judging(UserRemoval{kAcme, user, this->ChangeOf(user).held}));
  }
};

}  // namespace usher::auth
