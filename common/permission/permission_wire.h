// Permissions as they travel: map<int32,bool> of common.BackendPermission, and common.Permissions.
#pragma once

#include <common/permissions.pb.h>
#include <google/protobuf/map.h>

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/permission/permission.h"

namespace usher {

using WirePermissions = ::google::protobuf::Map<int32_t, bool>;

// For calls that give permissions. true gives, false takes away, NONE = true strips all.
// PROTOCOL_ERROR for a number that is no permission.
absl::StatusOr<PermissionChange> PermissionChangeFromWire(const WirePermissions& wire);

// For calls that narrow a token. Entries with true name all that the token shall have, as far as it
// is held; where there are none, entries with false are taken away from `held`. NONE = true means
// no permission at all.
PermissionSet NarrowedByWire(PermissionSet held, const WirePermissions& wire);

// What a service of ours says that somebody holds: entries with true. Of numbers that this release
// knows no permission for as well, so that nobody seems to hold less than they do; 999 (NONE), and
// whatever no set can hold, is none.
PermissionSet PermissionsFromWire(const WirePermissions& wire);

void PermissionsToWire(PermissionSet set, WirePermissions* wire);

// `remove` is not a right and is not looked at. The rights of the role, and those beside it; a role
// that this release does not know gives nothing.
RoomRights RoomRightsFromWire(const ::common::Permissions& wire);
// With the role that gives just these, if there is one.
void RoomRightsToWire(RoomRights rights, ::common::Permissions* wire);

}  // namespace usher
