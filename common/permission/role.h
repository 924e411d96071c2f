// Roles: named bundles of room rights.
#pragma once

#include "common/permission/permission.h"

namespace usher {

// Numbers of common.Role.
enum class Role {
  kCustom = 0,
  kNoAccess = 1,
  kGuest = 5,
  kSpectator = 10,
  kParticipant = 15,
  kModerator = 20,
  kAdmin = 25,
};

struct RoleRights {
  Role role;
  RoomRights rights;
};

// What the roles mean: docs/room.md, "Roles". Each gives what the one before it gives, but for
// guests, who bring their voice and no files.
inline constexpr RoleRights kRoles[] = {
    {Role::kNoAccess, {}},
    {Role::kGuest, {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kJoin, RoomRight::kChat}},
    {Role::kSpectator, {RoomRight::kJoin, RoomRight::kChat, RoomRight::kFileList}},
    {Role::kParticipant,
     {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kJoin, RoomRight::kScreen,
      RoomRight::kSubroomCreatePublic, RoomRight::kChat, RoomRight::kFileUpload,
      RoomRight::kFileList, RoomRight::kAction}},
    {Role::kModerator,
     {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kPromote, RoomRight::kJoin,
      RoomRight::kScreen, RoomRight::kSubroomManage, RoomRight::kSubroomCreatePublic,
      RoomRight::kSubroomCreatePrivate, RoomRight::kChat, RoomRight::kChatBroadcast,
      RoomRight::kFileAdmin, RoomRight::kFileUpload, RoomRight::kFileList, RoomRight::kAction}},
    {Role::kAdmin, kAllRoomRights},
};

// Nothing for kCustom and for numbers that are no role.
constexpr RoomRights RightsOf(Role role) {
  for (const RoleRights& one : kRoles) {
    if (one.role == role) return one.rights;
  }
  return {};
}

// The role that gives just these; kCustom where none does. `admin` means all rights.
constexpr Role RoleOf(RoomRights rights) {
  if (rights.Has(RoomRight::kAdmin)) return Role::kAdmin;
  for (const RoleRights& one : kRoles) {
    if (one.rights == rights) return one.role;
  }
  return Role::kCustom;
}

}  // namespace usher
