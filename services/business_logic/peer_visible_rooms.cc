#include "services/business_logic/peer_visible_rooms.h"

#include <roomService/roomService.grpc.pb.h>

#include <string>
#include <utility>

#include "common/status/try.h"

namespace usher::business_logic {

absl::StatusOr<std::set<RoomId>> PeerVisibleRooms::Among(const CallContext& call,
                                                         const std::vector<RoomId>& rooms) {
  using RoomService = ::roomService::roomService;
  std::set<RoomId> visible;
  if (rooms.empty()) return visible;  // an empty filter would ask for all rooms
  ::roomService::RoomListRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  request.set_limit(1000);
  for (const RoomId& room : rooms) request.add_filterroomids(room.value());
  ASSIGN_OR_RETURN(const auto reply, room_.Call<RoomService>(rpc::Effect::kReads, call,
                                                             &RoomService::Stub::List, request));
  for (const auto& [id, room] : reply.rooms()) {
    if (std::optional<std::string> checked = CanonicalUuid(id); checked.has_value()) {
      visible.insert(RoomId(*std::move(checked)));
    }
  }
  return visible;
}

}  // namespace usher::business_logic
