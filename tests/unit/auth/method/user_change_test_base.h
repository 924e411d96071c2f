// What the tests of changes of users say: somebody with methods, what is wished of them, and what
// that ends.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/auth/method/user_change.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

class UserChangeTestBase : public ::testing::Test {
 protected:
  using RevocationReason = token::RevocationReason;
  using Wish = std::function<void(UserChange&)>;  // what of a change is wished

  static inline const absl::Time kNow = absl::FromUnixSeconds(1893456000);
  static inline const CompanyId kAcme{"acme"};
  static inline const UserId kAnn{"01900000-0000-7000-8000-000000000001"};

  static Method Of(KeyType key_type, const std::string& principal, AccountStatus status,
                   PermissionSet permissions = {}) {
    Method method;
    method.company = kAcme;
    method.key_type = key_type;
    method.principal = method.principal_key = principal;
    method.user = kAnn;
    method.sealed_secret = "sealed " + principal;
    method.permissions = permissions;
    method.status = status;
    return method;
  }
  static Method Password(AccountStatus status = AccountStatus::kActivated,
                         PermissionSet permissions = {}) {
    return Of(KeyType::kPassword, "ann", status, permissions);
  }
  static Method Code(AccountStatus status = AccountStatus::kActivated,
                     PermissionSet permissions = {}) {
    return Of(KeyType::kAuthorizationCode, "key", status, permissions);
  }
  static Method Guest(PermissionSet permissions = {}) {
    return Of(KeyType::kGuestAccess, kAnn.value(), AccountStatus::kActivated, permissions);
  }
  static Method Expiring(Method method, absl::Duration in) {
    method.expires_at = kNow + in;
    return method;
  }

  static LockedUser With(std::vector<Method> methods) {
    LockedUser user;
    user.methods = std::move(methods);
    user.now = kNow;
    return user;
  }
  static LockedUser As(AccountStatus status, LockedUser user) {
    user.status = status;
    return user;
  }
  static LockedUser Alone(LockedUser user) {
    user.other_administrator = false;
    return user;
  }

  static PermissionSet HeldBy(const LockedUser& user) {
    PermissionSet held;
    for (const Method& method : user.methods) held = held.Or(method.permissions);
    return held;
  }
  static UserChange ChangeOf(const LockedUser& user) {
    UserChange change;
    change.company = kAcme;
    change.user = kAnn;
    change.held = HeldBy(user);
    return change;
  }
  static Wish Edit(const Method& method, const std::function<void(MethodEdit&)>& edit) {
    return [=](UserChange& change) {
      change.edit.emplace();
      change.edit->key = method.key();
      change.edit->principal = method.principal;
      edit(*change.edit);
    };
  }
  static Wish Status(const Method& method, AccountStatus status) {
    return Edit(method, [=](MethodEdit& edit) { edit.status = status; });
  }
  static Wish Secret(const Method& method) {
    return Edit(method, [](MethodEdit& edit) {
      edit.sealed_secret = "new";
      edit.may_insert = true;
    });
  }
  static Wish Take(const Method& method, PermissionSet permissions) {
    return Edit(method, [=](MethodEdit& edit) { edit.permissions.take = permissions; });
  }
  static Wish Remove(const Method& method) {
    return Edit(method, [](MethodEdit& edit) { edit.remove = true; });
  }
  static void RemoveAll(UserChange& change) { change.remove_all = true; }
  static Wish UserStatus(AccountStatus status) {
    return [=](UserChange& change) { change.user_status = status; };
  }

  static absl::StatusOr<UserWrite> Judged(const LockedUser& user, const Wish& wish,
                                          bool may_lift_lock = false) {
    UserChange change = ChangeOf(user);
    change.may_lift_lock = may_lift_lock;
    wish(change);
    return Judge(user, change);
  }

  static std::string InWords(RevocationReason reason) {
    if (reason == RevocationReason::kSignedOut) return "signed out";
    return reason == RevocationReason::kAccountInactive ? "inactive" : "rights taken";
  }
  // What is ended, as "password: signed out; all: inactive".
  static std::string InWords(const absl::StatusOr<UserWrite>& write) {
    if (!write.ok()) return write.status().ToString();
    std::vector<std::string> words;
    for (const SessionsWrite& sessions : write->sessions) {
      words.push_back(absl::StrCat(KeyTypeName(sessions.method.key_type),
                                   sessions.over ? ": " : " goes on: ", InWords(sessions.reason)));
    }
    if (write->tokens.has_value()) {
      words.push_back(absl::StrCat(write->tokens->final ? "for good: " : "all: ",
                                   InWords(write->tokens->reason)));
    }
    return absl::StrJoin(words, "; ");
  }

  static constexpr AccountStatus kOn = AccountStatus::kActivated;
  static constexpr AccountStatus kOff = AccountStatus::kDeactivated;
  static constexpr AccountStatus kLocked = AccountStatus::kLocked;
  static constexpr PermissionSet kGrants{Permission::kGrantPermissions};
  static constexpr PermissionSet kLists{Permission::kUserList};
};

}  // namespace usher::auth
