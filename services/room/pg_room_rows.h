// Rows of the room service's tables as values.
#pragma once

#include <optional>

#include "common/db/rows.h"
#include "services/room/room_view.h"

namespace usher::room {

// NULL reads as nothing.
std::optional<RoomRights> RightsOf(const db::Row& row, int column);

// What one of the three lists answered to the viewer.
ListedRooms ListedRoomsOf(db::Rows rows, const Viewer& viewer);

}  // namespace usher::room
