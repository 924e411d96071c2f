// An authentication method: one way for one user to sign in to one company; and the rules of its
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "common/permission/permission.h"
#include "common/text/text_rules.h"

namespace usher::auth {

enum class KeyType {
  kPassword,
  kAuthorizationCode,
  kLdap,
  kGuestAccess,
  kActivationToken,
  kPasswordReset,
  kOauth2,
  kRefreshToken,  // a session, where sessions are listed among the methods
};

// As on the wire and in the database: "authorization_code".
const char* KeyTypeName(KeyType key_type);
std::optional<KeyType> ParseKeyType(absl::string_view name);

// Numbers of authentication.AccountStatus.
enum class AccountStatus {
  kDefault = 0,  // in a wish: stays as it is
  kActivated = 1,
  kDeactivated = 2,
  kLocked = 3,
  kPending = 4,
  kDeleted = 5,
};

// As on the wire: "ACTIVATED".
const char* AccountStatusName(AccountStatus status);

// What names a method within a company.
struct MethodKey {
  KeyType key_type = KeyType::kPassword;
  std::string principal_key;

  friend bool operator==(const MethodKey& a, const MethodKey& b) {
    return a.key_type == b.key_type && a.principal_key == b.principal_key;
  }
};

// The method that an invitation may create.
struct InvitedMethod {
  KeyType key_type = KeyType::kPassword;
  std::string principal;
};

struct Method {
  CompanyId company;
  KeyType key_type = KeyType::kPassword;
  std::string principal;      // as written
  std::string principal_key;  // what it is compared by
  UserId user;
  std::string sealed_secret;  // secret_vault.h; empty where methods are listed
  PermissionSet permissions;
  AccountStatus status = AccountStatus::kActivated;
  text::Metadata metadata;
  // Of guest accesses.
  RoomId room;
  std::string email;
  std::string display_name;
  bool shareable = false;
  std::string redirect_uri;  // of API keys
  // Of invitations. For stores to write; read by invitation/ alone.
  std::optional<InvitedMethod> invited;
  std::optional<absl::Time> expires_at;  // nothing: never
  absl::Time created_at;
  // When its secret was put there, and when that was done by somebody who had not shown the one
  // before (the links between companies look at it). For stores to write: nothing where it stays;
  // never read.
  std::optional<absl::Time> secret_since;
  std::optional<absl::Time> handed_since;

  MethodKey key() const { return {key_type, principal_key}; }
};

// A method and what it depends on.
struct MethodStanding {
  Method method;
  AccountStatus user_status = AccountStatus::kActivated;
  bool company_active = true;
  // When it was read, by the database's clock: what tokens are dated by, and their ends counted
  // from.
  absl::Time read_at;
};

// A user as auth knows it.
struct UserStanding {
  AccountStatus status = AccountStatus::kActivated;  // kDeleted: a tombstone
  bool company_active = true;
  // Of all methods, whatever their status: what somebody must hold to touch this user.
  PermissionSet held;
  // Of the methods that can be used now: what the user can get by signing in.
  PermissionSet usable;
  // kActivated where a method can be used now, or where there is none at all; else what stands in
  // the way of the one that is off by the least (kDeactivated before kLocked before kPending).
  AccountStatus methods = AccountStatus::kActivated;
  bool only_guest_accesses = false;  // has methods, and all of them are guest accesses
};

// Entry of a method's metadata: what has switched it off, where nobody did. Goes with the next
// change of its status, whoever makes it.
inline constexpr char kSwitchedOffByKey[] = "switchedOffBy";

// What `principal` is compared by: folded for names, canonical for IDs.
std::string PrincipalKey(KeyType key_type, absl::string_view principal);

// Binds a sealed secret to its method, so that rows cannot be exchanged in the database.
std::string AssociatedData(const CompanyId& company, const MethodKey& key);

// The one rule of who is live: kActivated when method, user and company are active and the method
// has not expired, else what stands in the way (kDeactivated for an expired method, kDeleted for a
// company that is gone).
AccountStatus EffectiveStatus(const MethodStanding& standing, absl::Time now);
// The same for a method by itself.
AccountStatus EffectiveStatus(const Method& method, absl::Time now);
// The same for a user, whoever signs in or signs for it: kActivated when company and user are, and,
// where the user has methods, at least one of them is.
AccountStatus EffectiveStatus(const UserStanding& standing);

// When a guest access ends that is to end at `wish`: in 30 days where nothing is said; infinite is
// never, which is nothing. RANGE_ERROR for a time that has passed.
absl::StatusOr<std::optional<absl::Time>> GuestExpiry(std::optional<absl::Time> wish,
                                                      absl::Time now);

// PROTOCOL_ERROR below 8 characters, ACTION_INVALID for one that is known to be tried first: a very
// common one, or the user name or company ID itself.
absl::Status CheckNewPassword(const Secret& password, absl::string_view username,
                              const CompanyId& company);

// What clients see as the method's metadata: of a guest access also roomId, email, displayName,
// expiry and shareable.
text::Metadata ShownMetadata(const Method& method);

}  // namespace usher::auth
