// The failures of the room service, each once.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::room {

// Also for rooms of other companies and for rooms that the caller may not know about.
inline absl::Status RoomNotFound() {
  return ReplyError(::common::ROOM_NOT_FOUND, "there is no such room in this company");
}

inline absl::Status ParentNotFound() {
  return ReplyError(::common::ROOM_NOT_FOUND,
                    "room.parentId: there is no such room in this company");
}

inline absl::Status ParentClosesCircle() {
  return ReplyError(::common::ROOM_INVALID,
                    "room.parentId is the room itself or a room below it; that would be a circle");
}

// Only ever answered by Sort: clients that do not know Sort do not know the code.
inline absl::Status PredecessorNotFound() {
  return ReplyError(::common::ROOM_PREDECESSOR_NOT_FOUND,
                    "roomMoves: moveAfterRoomId is not another room with the parent parentId");
}

inline absl::Status TooManyToNumber(size_t most) {
  return ActionInvalid(absl::StrCat(
      "roomMoves: there is no number left at this place, and there are more than ", most,
      " rooms beside it to be given new ones; give the room a number by Update, room.sort"));
}

inline absl::Status SubRoomIdInvalid(absl::string_view text) {
  return ReplyError(
      ::common::SUBROOM_INVALID,
      absl::StrCat("room.subRooms has a key that is not 1 to 128 bytes of visible text: ",
                   Quoted(text)));
}

inline absl::Status RoomFull(uint32_t active_participants) {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("the room is full: ", active_participants, " may be in it"));
}

inline absl::Status JoinMissing() { return PermissionMissing("join in the room"); }

inline absl::Status LastAdministrator() {
  return PermissionMissing("ROOM_ADMIN to leave the room without anybody who has admin in it");
}

inline absl::Status ReplyTooLarge() {
  return rpc::ReplyTooLarge("ask for fewer rooms with limit, offset or filterRoomIds");
}

inline absl::Status StatusTooLarge() {
  return rpc::ReplyTooLarge("ask for fewer rooms with roomIds");
}

}  // namespace usher::room
