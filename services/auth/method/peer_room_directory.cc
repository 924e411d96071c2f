#include "services/auth/method/peer_room_directory.h"

#include <roomService/roomService.grpc.pb.h>

#include "common/permission/permission_wire.h"
#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<RoomRights> PeerRoomDirectory::RightsInRoom(const Caller& caller,
                                                           const RoomId& room) {
  using RoomService = ::roomService::roomService;
  ::roomService::RoomPermissionsRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(caller.call());
  request.set_userid(caller.user().value());
  request.set_roomid(room.value());
  ASSIGN_OR_RETURN(const ::roomService::RoomPermissionsReply reply,
                   room_.Call<RoomService>(rpc::Effect::kReads, caller.call(),
                                           &RoomService::Stub::Permissions, request));
  return RoomRightsFromWire(reply.permissions());
}

}  // namespace usher::auth
