// Which rooms somebody can see; the room service knows.
#pragma once

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "services/business_logic/known_users.h"

namespace usher::business_logic {

// Thread-safe. Blocks. Both answer those of `rooms` (at most 1,000) that somebody can see. Errors
// of a call to another service (rpc/peer.h).
class VisibleRooms {
 public:
  virtual ~VisibleRooms() = default;

  // Whoever makes the call, as far as the token goes that it was made with.
  virtual absl::StatusOr<std::set<RoomId>> ToCaller(const CallContext& call,
                                                    const std::vector<RoomId>& rooms) = 0;
  // Another user of the caller's company, signed in with all that there is.
  virtual absl::StatusOr<std::set<RoomId>> ToUser(const CallContext& call, const KnownUser& user,
                                                  const std::vector<RoomId>& rooms) = 0;
};

}  // namespace usher::business_logic
