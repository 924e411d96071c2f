#include "services/room/chat/chat_rights.h"

#include "common/status/try.h"
#include "services/room/chat/chat_errors.h"
#include "services/room/room_errors.h"

namespace usher::room {
namespace {

absl::StatusOr<RoomRights> RequireChat(const Viewer& viewer,
                                       const std::optional<ChatAccess>& access) {
  if (!access || !MayKnow(viewer, access->room)) return RoomNotFound();
  const RoomRights rights = EffectiveRights(viewer, access->room);
  if (!rights.Has(RoomRight::kChat)) return ChatMissing();
  return rights;
}

absl::Status RequireSubRoom(const ChatAccess& access, const SubRoomId& sub_room) {
  return sub_room.empty() || access.has_sub_room ? absl::OkStatus() : SubRoomNotFound();
}

}  // namespace

absl::Status CheckMayRead(const Viewer& viewer, const std::optional<ChatAccess>& access,
                          const ChatScope& scope) {
  ASSIGN_OR_RETURN(const RoomRights rights, RequireChat(viewer, access));
  if (!scope.everywhere) return RequireSubRoom(*access, scope.sub_room);
  return rights.Has(RoomRight::kSubroomManage) ? absl::OkStatus() : SubRoomManageMissing();
}

absl::Status CheckMayWrite(const Viewer& viewer, const std::optional<ChatAccess>& access,
                           const ChatText& message) {
  ASSIGN_OR_RETURN(const RoomRights rights, RequireChat(viewer, access));
  if (!message.broadcast) return RequireSubRoom(*access, message.sub_room);
  return rights.Has(RoomRight::kChatBroadcast) ? absl::OkStatus() : ChatBroadcastMissing();
}

}  // namespace usher::room
