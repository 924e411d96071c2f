// What auth needs to know of rooms.
#pragma once

#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/permission/permission.h"

namespace usher::auth {

// Knows the rooms of the caller's company; the room service does.
class RoomDirectory {
 public:
  virtual ~RoomDirectory() = default;
  // The caller's own rights in the room. ROOM_NOT_FOUND, and the errors of a call to another
  // service (rpc/peer.h).
  virtual absl::StatusOr<RoomRights> RightsInRoom(const Caller& caller, const RoomId& room) = 0;
};

}  // namespace usher::auth
