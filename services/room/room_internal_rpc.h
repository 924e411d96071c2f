// usher.internal.v1.RoomInternal: what the other servers ask of room.
#pragma once

#include <usher/internal/v1/room.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/room/chat/chat.h"
#include "services/room/rooms.h"

namespace usher::room {

class RoomInternalRpc final : public rpc::Service {
 public:
  RoomInternalRpc(rpc::Gate& gate, Rooms& rooms, Chat& chat);

 private:
  absl::Status FindVisibleRooms(const CallContext& call,
                                const ::usher::internal::v1::FindVisibleRoomsRequest& request,
                                ::usher::internal::v1::FindVisibleRoomsReply& reply);
  absl::Status ForgetUser(const CallContext& call,
                          const ::usher::internal::v1::ForgetUserInRoomsRequest& request,
                          ::usher::internal::v1::ForgetUserInRoomsReply& reply);

  Rooms& rooms_;
  Chat& chat_;
};

}  // namespace usher::room
