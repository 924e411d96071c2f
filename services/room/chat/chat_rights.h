// Who may write and read in the chat of a room. Pure.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "services/room/chat/chat_message.h"
#include "services/room/room.h"

namespace usher::room {

// What rights in the chat of a room come from.
struct ChatAccess {
  RoomAccess room;
  bool has_sub_room = false;  // the one that was asked about

  friend bool operator==(const ChatAccess&, const ChatAccess&) = default;
};

// Takes chat; for all sub-rooms at once subroomManage as well. ROOM_NOT_FOUND also where `access`
// is nothing and where the viewer may not know of the room; SUBROOM_INVALID for a sub-room that is
// not there.
absl::Status CheckMayRead(const Viewer& viewer, const std::optional<ChatAccess>& access,
                          const ChatScope& scope);

// Takes chat; to all sub-rooms chatBroadcast as well, and then the sender's own is not asked for:
// it may be another room's. Errors as above.
absl::Status CheckMayWrite(const Viewer& viewer, const std::optional<ChatAccess>& access,
                           const ChatText& message);

}  // namespace usher::room
