// Who may: one named rule per function (docs/contract.md). Pure: no I/O, no state. Each answers OK
// or INSUFFICIENT_PERMISSIONS with the missing right named.
#pragma once

#include "absl/status/status.h"
#include "common/access/caller.h"
#include "common/permission/permission.h"

namespace usher {

absl::Status RequirePermission(const Caller& caller, Permission permission);
absl::Status RequireAnyOf(const Caller& caller, std::initializer_list<Permission> permissions);

// Oneself, or someone with `permission`. Guests are themselves too.
absl::Status RequireSelfOr(const Caller& caller, const UserId& user, Permission permission);

// For what guests may not do of a method that takes them; the others refuse them at the door
// (rpc::MethodSpec::guests).
absl::Status RequireNoGuest(const Caller& caller);

// No escalation: what is given or taken must be held by the caller's own token, it takes
// GRANT_PERMISSIONS, COMPANY_* can be handed out by a platform administrator only, and nobody
// changes their own. An empty change is always allowed. `target` is empty for somebody who is yet
// to be made.
absl::Status RequireMayGive(const Caller& caller, const UserId& target,
                            const PermissionChange& change);

// Dominance: nobody touches credentials, status, e-mail or permissions of a user who holds
// something that they lack. Oneself is always within reach.
absl::Status RequireDominates(const Caller& caller, const UserId& target, PermissionSet held);

// ROOM_ADMIN in the backend, or `admin` among the rights in the room. Guests need the latter.
absl::Status RequireRoomAdmin(const Caller& caller, RoomRights rights_in_room);

// For founding companies: COMPANY_CREATE, wherever a platform administrator gave it, or a platform
// administrator. No guests.
absl::Status RequireMayFound(const Caller& caller);
// For what is the platform's own.
absl::Status RequirePlatformAdministrator(const Caller& caller);

// The name of a permission as on the wire: "USER_ADMIN".
const char* PermissionName(Permission permission);

}  // namespace usher
