// Users as auth knows them: whether they exist, whether they are gone; and how a company begins.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/auth/method/methods.h"

namespace usher::auth {

// How a company begins: an administrator who signs in with a password, and an API key.
struct FirstMethods {
  CompanyId company;
  std::string username;
  Secret password;
  std::string client_id;  // empty: no API key
  Secret code;
  PermissionSet permissions;  // of both
};

struct FirstUsers {
  UserId administrator;
  UserId api_client;  // empty without API key
};

// What decisions of the other services about a user rest on.
struct UserDescription {
  PermissionSet
      held;  // of all methods, whatever their status: what takes holding to touch the user
  AccountStatus status = AccountStatus::kActivated;
  bool guest = false;    // has methods, and all of them are guest accesses
  PermissionSet usable;  // what the user can get by signing in now
};

// Thread-safe. What hashes is for Lane::kSlow: Ensure with a method, and MakeCompany.
class KnownUsers {
 public:
  KnownUsers(KnownUserStore& store, SecretVault& vault, Methods& methods,
             token::Revocations& revocations, const Clock& clock)
      : store_(store), vault_(vault), methods_(methods), revocations_(revocations), clock_(clock) {}

  // Makes sure that the user exists in the caller's company, with the method where credentials are
  // given (rules and errors of Methods::Create). Takes USER_CREATE; may be repeated. USER_INVALID
  // when the user has been ruled out or removed.
  absl::Status Ensure(const Caller& caller, const UserId& user, const MethodWish& wish);

  // True: the user is there. False: it never was and never will be.
  absl::StatusOr<bool> Settle(const CallContext& call, const CompanyId& company,
                              const UserId& user);

  // Oneself, or USER_ADMIN with no less permissions than the user. OK also when the user had been
  // removed before; NOT_FOUND, INSUFFICIENT_PERMISSIONS, ACTION_INVALID (last administrator,
  // LOCKED).
  absl::Status Remove(const Caller& caller, const UserId& user);

  // True when the user was removed for good.
  absl::StatusOr<bool> FindRemoved(const CallContext& call, const CompanyId& company,
                                   const UserId& user);

  // NOT_FOUND also for a user who was removed for good.
  absl::StatusOr<UserDescription> Describe(const CallContext& call, const CompanyId& company,
                                           const UserId& user);

  // Makes a company with its first users, all or nothing. Nothing when it is there already.
  absl::StatusOr<std::optional<FirstUsers>> MakeCompany(const CallContext& call,
                                                        const FirstMethods& first);

 private:
  KnownUserStore& store_;
  SecretVault& vault_;
  Methods& methods_;
  token::Revocations& revocations_;
  const Clock& clock_;
};

}  // namespace usher::auth
