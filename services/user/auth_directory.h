// What the user service asks of auth, which knows every user of a company and how they sign in.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "common/permission/permission.h"
#include "services/user/user.h"

namespace usher::user {

// How somebody signs in, as the client described it: bytes that auth alone can read, and that are
// kept nowhere.
struct OpaqueCredentials {
  Secret bytes;
};

// A user as auth sees it.
struct KnownUser {
  PermissionSet held;  // of all methods, whatever their status
  bool guest = false;  // has methods, and all of them are guest accesses
};

// Thread-safe. Blocks. Every method may be repeated. Errors besides those named: of a call to
// another service (rpc/peer.h). Those that take no company act for whoever makes the call, whose
// token auth checks again.
class AuthDirectory {
 public:
  virtual ~AuthDirectory() = default;

  // Makes the user known to auth, with a method where there are credentials. USER_INVALID when
  // Settle has ruled the user out before.
  virtual absl::Status Ensure(const CallContext& call, const UserId& user,
                              const std::optional<OpaqueCredentials>& credentials) = 0;
  // True: the user is there. False: it is not, and an Ensure that comes later is refused.
  virtual absl::StatusOr<bool> Settle(const CallContext& call, const UserKey& key) = 0;
  // Removes user, methods and sessions; OK as well when they had been removed before. NOT_FOUND,
  // INSUFFICIENT_PERMISSIONS, ACTION_INVALID.
  virtual absl::Status Remove(const CallContext& call, const UserId& user) = 0;
  // True when the user was removed for good.
  virtual absl::StatusOr<bool> WasRemoved(const CallContext& call, const UserKey& key) = 0;
  // NOT_FOUND when auth does not know the user.
  virtual absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) = 0;
  // authenticationUpdate for this user, with all its rules.
  virtual absl::Status UpdateMethods(const CallContext& call, const UserId& user,
                                     const OpaqueCredentials& credentials) = 0;
};

}  // namespace usher::user
