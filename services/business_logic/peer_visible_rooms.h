// Asks the room service over its internal port: for the caller with the caller's own token.
#pragma once

#include <set>
#include <vector>

#include "common/rpc/peer/peer.h"
#include "services/business_logic/visible_rooms.h"

namespace usher::business_logic {

class PeerVisibleRooms final : public VisibleRooms {
 public:
  explicit PeerVisibleRooms(rpc::Peer& room) : room_(room) {}
  absl::StatusOr<std::set<RoomId>> ToCaller(const CallContext& call,
                                            const std::vector<RoomId>& rooms) override;
  absl::StatusOr<std::set<RoomId>> ToUser(const CallContext& call, const KnownUser& user,
                                          const std::vector<RoomId>& rooms) override;

 private:
  rpc::Peer& room_;
};

}  // namespace usher::business_logic
