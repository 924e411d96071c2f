// The caller's rights in a room, asked of the room service with the caller's own token.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/auth/method/room_directory.h"

namespace usher::auth {

class PeerRoomDirectory final : public RoomDirectory {
 public:
  explicit PeerRoomDirectory(rpc::Peer& room) : room_(room) {}
  absl::StatusOr<RoomRights> RightsInRoom(const Caller& caller, const RoomId& room) override;

 private:
  rpc::Peer& room_;
};

}  // namespace usher::auth
