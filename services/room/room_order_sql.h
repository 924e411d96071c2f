// The statements about the order of rooms with one parent (docs/room.md, "Order").
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

// The room $2 as a neighbour: it must have the parent $3. $4: the viewer.
inline constexpr db::Statement kFindPredecessor{"find_predecessor", R"sql(
  SELECT r.sort, EXISTS (SELECT 1 FROM room_rights e
                         WHERE e.company_id = $1 AND e.room_id = $2 AND e.user_id = $4)
  FROM rooms r
  WHERE r.company_id = $1 AND r.room_id = $2 AND r.parent_id IS NOT DISTINCT FROM $3::uuid
)sql"};

// Which of the rooms with the parent $2 comes first behind the place ($3, $4), but for the room $5.
inline constexpr db::Statement kFindSuccessor{"find_successor", R"sql(
  SELECT r.sort FROM rooms r
  WHERE r.company_id = $1
    AND coalesce(r.parent_id, '00000000-0000-0000-0000-000000000000'::uuid)
        = coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
    AND (r.sort, r.room_id) > ($3::bigint, $4::uuid) AND r.room_id <> $5
  ORDER BY r.sort, r.room_id LIMIT 1
)sql"};

// The rooms with the parent $2 in their order, but for the room $3; $4: so many at most.
inline constexpr db::Statement kListSiblings{"list_siblings", R"sql(
  SELECT r.room_id FROM rooms r
  WHERE r.company_id = $1
    AND coalesce(r.parent_id, '00000000-0000-0000-0000-000000000000'::uuid)
        = coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
    AND r.room_id <> $3
  ORDER BY r.sort, r.room_id LIMIT (SELECT $4::bigint)
)sql"};

inline constexpr db::Statement kNumberRooms{"number_rooms", R"sql(
  UPDATE rooms SET sort = given.sort
  FROM unnest($2::uuid[], $3::bigint[]) AS given (room_id, sort)
  WHERE rooms.company_id = $1 AND rooms.room_id = given.room_id AND rooms.sort <> given.sort
)sql"};

inline constexpr db::Statement kMoveRoom{"move_room", R"sql(
  UPDATE rooms SET parent_id = $3, sort = $4 WHERE company_id = $1 AND room_id = $2
)sql"};

inline constexpr const db::Statement* kAllOfRoomOrder[] = {
    &kFindPredecessor, &kFindSuccessor, &kListSiblings, &kNumberRooms, &kMoveRoom};

}  // namespace usher::room::sql
