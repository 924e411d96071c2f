#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

const std::vector<PermissionGroup>& DefaultPermissionGroups() {
  using R = RoomRight;
  static const auto* const groups = new std::vector<PermissionGroup>{
      {"administrator", "Administrator", 1, kAllRoomRights},
      {"moderator",
       "Moderator",
       2,
       {R::kVoice, R::kVideo, R::kPromote, R::kJoin, R::kScreen, R::kSubroomManage,
        R::kSubroomCreatePublic, R::kSubroomCreatePrivate, R::kChat, R::kChatBroadcast,
        R::kFileAdmin, R::kFileUpload, R::kFileList, R::kAction}},
      {"participant",
       "Participant",
       3,
       {R::kVoice, R::kVideo, R::kJoin, R::kScreen, R::kSubroomCreatePublic, R::kChat,
        R::kFileUpload, R::kFileList, R::kAction}},
      {"listener", "Listener", 4, {R::kJoin, R::kChat, R::kFileList}},
      {"guest", "Guest", 5, {R::kVoice, R::kVideo, R::kJoin, R::kChat}},
  };
  return *groups;
}

}  // namespace usher::business_logic
