// Entries and sub-rooms, as rows and as the texts that stand beside a room.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/transaction.h"
#include "services/room/room.h"

namespace usher::room {

// Writes the maps of a new room, or those of a change to a locked one, one by one over what there
// is. Answers the texts beside the room then (kWriteTexts), or `texts` where there is nothing to
// write.
absl::StatusOr<db::Rows> WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                   const Room& room, db::Rows texts);
absl::StatusOr<db::Rows> WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                   const RoomChange& change, db::Rows texts);

// The room after an update, as RoomStore::Update answers it. `texts`: of its entries and sub-rooms,
// as they stand beside it then.
Room UpdatedRoom(const Viewer& viewer, const LockedRoom& before, const RoomChange& change,
                 RoomSettings settings, const db::Row& texts);

}  // namespace usher::room
