// Rows of the room service's tables as values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/db/rows.h"
#include "services/room/room_view.h"

namespace usher::room {

// NULL reads as nothing.
std::optional<RoomRights> RightsOf(const db::Row& row, int column);

// Adds what a text of entries or sub-rooms beside a room says; false where it is NULL.
bool ReadEntriesBeside(const db::Row& row, int column, std::map<UserId, RoomRights>* entries);
bool ReadSubRoomsBeside(const db::Row& row, int column, std::map<SubRoomId, SubRoom>* sub_rooms);

// The IDs of a page, and those of the heavy rooms on it, whose contents were left out.
struct PageIds {
  std::vector<std::string> all;
  std::vector<std::string> heavy;
};
PageIds PageIdsOf(const db::Rows& rows);

// True when kListHeavyRooms left the contents out, as the page does not fit.
bool AreLeftOut(const db::Rows& heavy);

// What one of the three lists answered to the viewer; `heavy`: the rooms whose contents it left
// out, in the same order. Rooms that have gone meanwhile are left out.
ListedRooms ListedRoomsOf(db::Rows rows, std::optional<db::Rows> heavy, const Viewer& viewer);

}  // namespace usher::room
