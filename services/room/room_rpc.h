// roomService.roomService, and the same under its documented name: wire to domain and back.
#pragma once

#include <roomService/roomService.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/room/rooms.h"

namespace usher::room {

class RoomRpc final : public rpc::Service {
 public:
  RoomRpc(rpc::Gate& gate, Rooms& rooms);

 private:
  // Async: the AsyncService of one of the two generated services.
  template <class Async>
  void BindChanges(rpc::Gate& gate, Rooms& rooms, Async& service);
  template <class Async>
  void BindQuestions(rpc::Gate& gate, Rooms& rooms, Async& service);

  ::roomService::roomService::AsyncService published_;
  ::roomService::RoomService::AsyncService documented_;
};

}  // namespace usher::room
