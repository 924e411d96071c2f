#include "common/access/require.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher {
namespace {

std::string Names(PermissionSet set) {
  std::string names;
  for (int number = 1; number < 32; ++number) {
    const Permission permission = static_cast<Permission>(number);
    if (set.Has(permission)) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", PermissionName(permission));
    }
  }
  return names;
}

}  // namespace

absl::Status RequireMayFound(const Caller& caller) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  if (caller.HasPlatform(Permission::kCompanyCreate)) return absl::OkStatus();
  return PermissionMissing(PermissionName(Permission::kCompanyCreate));
}

absl::Status RequirePlatformAdministrator(const Caller& caller) {
  return caller.IsPlatformAdministrator() ? absl::OkStatus()
                                          : PermissionMissing("a platform administrator");
}

const char* PermissionName(Permission permission) {
  switch (permission) {
    case Permission::kUserCreate:
      return "USER_CREATE";
    case Permission::kUserShow:
      return "USER_SHOW";
    case Permission::kUserInvite:
      return "USER_INVITE";
    case Permission::kUserList:
      return "USER_LIST";
    case Permission::kUserAdmin:
      return "USER_ADMIN";
    case Permission::kGrantPermissions:
      return "GRANT_PERMISSIONS";
    case Permission::kCompanyCreate:
      return "COMPANY_CREATE";
    case Permission::kCompanyList:
      return "COMPANY_LIST";
    case Permission::kCompanyAdmin:
      return "COMPANY_ADMIN";
    case Permission::kRoomCreate:
      return "ROOM_CREATE";
    case Permission::kRoomList:
      return "ROOM_LIST";
    case Permission::kRoomAdmin:
      return "ROOM_ADMIN";
    case Permission::kManageCompany:
      return "MANAGE_COMPANY";
    case Permission::kManageBilling:
      return "MANAGE_BILLING";
  }
  return "an unknown permission";
}

absl::Status RequirePermission(const Caller& caller, Permission permission) {
  if (caller.Has(permission)) return absl::OkStatus();
  return PermissionMissing(PermissionName(permission));
}

absl::Status RequireAnyOf(const Caller& caller, std::initializer_list<Permission> permissions) {
  for (const Permission permission : permissions) {
    if (caller.Has(permission)) return absl::OkStatus();
  }
  return PermissionMissing(absl::StrJoin(permissions, " or ", [](std::string* out, Permission p) {
    absl::StrAppend(out, PermissionName(p));
  }));
}

absl::Status RequireSelfOr(const Caller& caller, const UserId& user, Permission permission) {
  if (user == caller.user() || caller.Has(permission)) return absl::OkStatus();
  return PermissionMissing(absl::StrCat(PermissionName(permission), ", or being that user"));
}

absl::Status RequireNoGuest(const Caller& caller) {
  if (!caller.is_guest()) return absl::OkStatus();
  return PermissionMissing("a user of the company; guests may not");
}

absl::Status RequireMayGive(const Caller& caller, const UserId& target,
                            const PermissionChange& change) {
  if (change.empty()) return absl::OkStatus();
  if (target == caller.user()) {
    return PermissionMissing("somebody else: nobody changes their own permissions");
  }
  if (!caller.Has(Permission::kGrantPermissions)) {
    return PermissionMissing(PermissionName(Permission::kGrantPermissions));
  }
  const PermissionSet named = change.give.Or(change.take);
  if (const PermissionSet missing = named.Without(caller.permissions()); !missing.empty()) {
    return PermissionMissing(absl::StrCat("holding what is given or taken: ", Names(missing)));
  }
  if (!named.And(kPlatformPermissions).empty() && !caller.IsPlatformAdministrator()) {
    return PermissionMissing("a platform administrator for COMPANY_* permissions");
  }
  return absl::OkStatus();
}

absl::Status RequireDominates(const Caller& caller, const UserId& target, PermissionSet held) {
  if (target == caller.user() || caller.permissions().Contains(held)) return absl::OkStatus();
  return PermissionMissing(
      absl::StrCat("holding what that user holds: ", Names(held.Without(caller.permissions()))));
}

absl::Status RequireRoomAdmin(const Caller& caller, RoomRights rights_in_room) {
  if (rights_in_room.Has(RoomRight::kAdmin)) return absl::OkStatus();
  if (!caller.is_guest() && caller.Has(Permission::kRoomAdmin)) return absl::OkStatus();
  return PermissionMissing("ROOM_ADMIN, or admin in the room");
}

}  // namespace usher
