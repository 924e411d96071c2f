#include "common/permission/permission_wire.h"

#include "absl/strings/str_cat.h"
#include "common/permission/role.h"
#include "common/status/reply_error.h"

namespace usher {
namespace {

bool IsPermission(int32_t number) {
  return number > 0 && number != ::common::NONE && ::common::BackendPermission_IsValid(number);
}

constexpr int kMostPermissions = 32;  // that a PermissionSet can hold

bool AnyTrue(const WirePermissions& wire) {
  for (const auto& entry : wire) {
    if (entry.second) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<PermissionChange> PermissionChangeFromWire(const WirePermissions& wire) {
  PermissionChange change;
  for (const auto& [number, wanted] : wire) {
    if (number == ::common::NONE) {
      change.strip_all = change.strip_all || wanted;
      continue;
    }
    if (!IsPermission(number)) {
      return FieldMalformed("permissions",
                            absl::StrCat("has a key that is no permission: ", number));
    }
    PermissionSet& side = wanted ? change.give : change.take;
    side = side.Or(PermissionSet{static_cast<Permission>(number)});
  }
  return change;
}

PermissionSet NarrowedByWire(PermissionSet held, const WirePermissions& wire) {
  PermissionSet wanted;
  PermissionSet unwanted;
  for (const auto& [number, asked] : wire) {
    if (number == ::common::NONE && asked) return PermissionSet{};
    if (!IsPermission(number)) continue;
    PermissionSet& side = asked ? wanted : unwanted;
    side = side.Or(PermissionSet{static_cast<Permission>(number)});
  }
  return wanted.empty() && !AnyTrue(wire) ? held.Without(unwanted) : held.And(wanted);
}

PermissionSet PermissionsFromWire(const WirePermissions& wire) {
  PermissionSet set;
  for (const auto& [number, held] : wire) {
    if (!held || number <= 0 || number >= kMostPermissions) continue;
    set = set.Or(PermissionSet::FromMask(uint32_t{1} << number));
  }
  return set;
}

void PermissionsToWire(PermissionSet set, WirePermissions* wire) {
  for (int number = 1; number < kMostPermissions; ++number) {
    if (set.Has(static_cast<Permission>(number))) (*wire)[number] = true;
  }
}

RoomRights RoomRightsFromWire(const ::common::Permissions& wire) {
  RoomRights rights = RightsOf(static_cast<Role>(wire.role()));
  const auto add = [&rights](bool given, RoomRight right) {
    if (given) rights = rights.Or(RoomRights{right});
  };
  add(wire.admin(), RoomRight::kAdmin);
  add(wire.voice(), RoomRight::kVoice);
  add(wire.video(), RoomRight::kVideo);
  add(wire.promote(), RoomRight::kPromote);
  add(wire.join(), RoomRight::kJoin);
  add(wire.screen(), RoomRight::kScreen);
  add(wire.vip(), RoomRight::kVip);
  add(wire.subroommanage(), RoomRight::kSubroomManage);
  add(wire.subroomcreatepublic(), RoomRight::kSubroomCreatePublic);
  add(wire.subroomcreateprivate(), RoomRight::kSubroomCreatePrivate);
  add(wire.chat(), RoomRight::kChat);
  add(wire.chatbroadcast(), RoomRight::kChatBroadcast);
  add(wire.fileadmin(), RoomRight::kFileAdmin);
  add(wire.fileupload(), RoomRight::kFileUpload);
  add(wire.filelist(), RoomRight::kFileList);
  add(wire.fairuse(), RoomRight::kFairUse);
  add(wire.action(), RoomRight::kAction);
  return rights;
}

void RoomRightsToWire(RoomRights rights, ::common::Permissions* wire) {
  wire->set_admin(rights.Has(RoomRight::kAdmin));
  wire->set_voice(rights.Has(RoomRight::kVoice));
  wire->set_video(rights.Has(RoomRight::kVideo));
  wire->set_promote(rights.Has(RoomRight::kPromote));
  wire->set_join(rights.Has(RoomRight::kJoin));
  wire->set_screen(rights.Has(RoomRight::kScreen));
  wire->set_vip(rights.Has(RoomRight::kVip));
  wire->set_subroommanage(rights.Has(RoomRight::kSubroomManage));
  wire->set_subroomcreatepublic(rights.Has(RoomRight::kSubroomCreatePublic));
  wire->set_subroomcreateprivate(rights.Has(RoomRight::kSubroomCreatePrivate));
  wire->set_chat(rights.Has(RoomRight::kChat));
  wire->set_chatbroadcast(rights.Has(RoomRight::kChatBroadcast));
  wire->set_fileadmin(rights.Has(RoomRight::kFileAdmin));
  wire->set_fileupload(rights.Has(RoomRight::kFileUpload));
  wire->set_filelist(rights.Has(RoomRight::kFileList));
  wire->set_fairuse(rights.Has(RoomRight::kFairUse));
  wire->set_action(rights.Has(RoomRight::kAction));
  wire->set_role(static_cast<::common::Role>(RoleOf(rights)));
}

}  // namespace usher
