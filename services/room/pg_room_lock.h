// Rooms under a lock, as far as the rules about a change need them.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/db/transaction.h"
#include "services/room/room.h"

namespace usher::room {

// Locks the room until the transaction ends; nothing when there is no such room.
absl::StatusOr<std::optional<LockedRoom>> LockRoom(db::Transaction& tx, const Viewer& viewer,
                                                   const RoomId& id, const RoomChange& change);

// Keeps a room from being removed until the transaction ends.
absl::StatusOr<Parent> KeepParent(db::Transaction& tx, const Viewer& viewer, const RoomId& id);

}  // namespace usher::room
