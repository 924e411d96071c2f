// What decisions about favorites rest on of a user; auth knows.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "common/permission/permission.h"

namespace usher::business_logic {

// Somebody else than the one who makes the call.
struct KnownUser {
  UserId user;
  PermissionSet usable;  // what the user can get by signing in
  bool guest = false;
};

// Thread-safe. Blocks.
class KnownUsers {
 public:
  virtual ~KnownUsers() = default;

  // A user of the company of whoever makes the call. NOT_FOUND; errors of a call to another service
  // (rpc/peer.h).
  virtual absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) = 0;
};

}  // namespace usher::business_logic
