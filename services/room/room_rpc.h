// roomService.roomService, and the same under its documented name: wire to domain and back.
#pragma once

#include <roomService/roomService.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/room/rooms.h"

namespace usher::room {

class RoomRpc final : public rpc::Service {
 public:
  RoomRpc(rpc::Gate& gate, Rooms& rooms);

 private:
  void Bind(rpc::Gate& gate, const char* service);

  absl::Status Create(const Caller& caller, const ::roomService::RoomCreateRequest& request,
                      ::roomService::RoomCreateReply& reply);
  absl::Status Update(const Caller& caller, const ::roomService::RoomUpdateRequest& request,
                      ::roomService::RoomUpdateReply& reply);
  absl::Status UpdateRooms(const Caller& caller, const ::roomService::RoomsUpdateRequest& request,
                           ::roomService::RoomsUpdateReply& reply);
  absl::Status Sort(const Caller& caller, const ::roomService::RoomSortRequest& request,
                    ::roomService::RoomSortReply& reply);
  absl::Status Destroy(const Caller& caller, const ::roomService::RoomDestroyRequest& request,
                       ::roomService::RoomDestroyReply& reply);
  absl::Status List(const Caller& caller, const ::roomService::RoomListRequest& request,
                    ::roomService::RoomListReply& reply);
  absl::Status Status(const Caller& caller, const ::roomService::RoomStatusRequest& request,
                      ::roomService::RoomStatusReply& reply);
  absl::Status Permissions(const Caller& caller,
                           const ::roomService::RoomPermissionsRequest& request,
                           ::roomService::RoomPermissionsReply& reply);
  absl::Status CreateJoinLink(const Caller& caller,
                              const ::roomService::CreateJoinLinkRequest& request,
                              ::roomService::CreateJoinLinkReply& reply);

  Rooms& rooms_;
};

}  // namespace usher::room
