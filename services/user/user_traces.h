// What other services keep of a user who is gone: entries in rooms, favorites.
#pragma once

#include "absl/status/status.h"
#include "common/base/call_context.h"
#include "services/user/user.h"

namespace usher::user {

// Thread-safe. Blocks.
class UserTraces {
 public:
  virtual ~UserTraces() = default;

  // Has all of them forget a user who was removed for good; may be repeated. A failure says that at
  // least one of them was not told: the others may have been. Errors of a call to another service
  // (rpc/peer.h).
  virtual absl::Status Forget(const CallContext& call, const UserKey& key) = 0;
};

}  // namespace usher::user
