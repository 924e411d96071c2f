// The failures of chat, each once; besides room_errors.h.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::room {

inline absl::Status SubRoomNotFound() {
  return ReplyError(::common::SUBROOM_INVALID, "the room has no such sub-room");
}

inline absl::Status SubRoomIdMalformed(absl::string_view field, absl::string_view text) {
  return ReplyError(::common::SUBROOM_INVALID,
                    absl::StrCat(field, " is no ID of a sub-room: ", Quoted(text)));
}

inline absl::Status ChatMissing() { return PermissionMissing("chat in the room"); }
inline absl::Status ChatBroadcastMissing() {
  return PermissionMissing("chatBroadcast in the room");
}
inline absl::Status SubRoomManageMissing() {
  return PermissionMissing("subroomManage in the room to follow all its sub-rooms");
}

inline absl::Status PositionAhead() {
  return FieldOutOfRange("position",
                         "lies behind all messages of this room; watch without a position");
}

inline absl::Status HistoryTooLarge() { return rpc::ReplyTooLarge("ask for fewer messages"); }

}  // namespace usher::room
