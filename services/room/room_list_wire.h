// Rooms as the bytes of messages: the one description of how a room looks on the wire.
#pragma once

#include <roomService/roomService.pb.h>

#include "absl/status/status.h"
#include "services/room/room_view.h"

namespace usher::room {

void ToWire(const RoomView& room, ::common::Room* wire);

// The rooms are in the reply as bytes that are sent, not as messages: reply->rooms() stays empty.
// MAX_SIZE_EXCEEDED, and no rooms, when they do not fit into one message.
absl::Status ToWire(const ListedRooms& rooms, bool ids_only, ::roomService::RoomListReply* reply);

}  // namespace usher::room
