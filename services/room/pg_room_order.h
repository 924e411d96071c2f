// The order of rooms, as rows.
#pragma once

#include "absl/status/status.h"
#include "common/db/transaction.h"
#include "services/room/room_store.h"

namespace usher::room {

// Makes one move. Rooms of a company are moved one call after the other: the lock is that for
// changes of parents. Errors as RoomStore::Sort.
absl::Status MoveRoom(db::Transaction& tx, const Viewer& viewer, const RoomMove& move,
                      const DecideMove& decide);

}  // namespace usher::room
