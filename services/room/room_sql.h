// The statements about one room, or a few, in the order of the store's methods. Lists of rooms:
// room_list_sql.h; their order: room_order_sql.h. Right 1, admin, is bit 2 (bit n is right n of
// common.RoomPermission).
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

// A parent stays there while its new child is written. $3: the viewer.
inline constexpr db::Statement kKeepParent{"keep_parent", R"sql(
  SELECT EXISTS (SELECT 1 FROM room_rights e
                 WHERE e.company_id = $1 AND e.room_id = $2 AND e.user_id = $3)
  FROM rooms r WHERE r.company_id = $1 AND r.room_id = $2 FOR KEY SHARE OF r
)sql"};

inline constexpr db::Statement kInsertRoom{"insert_room", R"sql(
  INSERT INTO rooms (company_id, room_id, parent_id, display_name, active_participants,
                     allow_spectators, metadata, default_rights, entry_count, sub_room_count,
                     passive_participants, mode, type, sort)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

// Also for new rooms.
inline constexpr db::Statement kWriteEntries{"write_entries", R"sql(
  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT $1::text, $2::uuid, given.user_id, given.rights
  FROM unnest($3::uuid[], $4::integer[]) AS given (user_id, rights)
  ON CONFLICT (company_id, room_id, user_id) DO UPDATE SET rights = excluded.rights
)sql"};

// Also for new rooms.
inline constexpr db::Statement kWriteSubRooms{"write_sub_rooms", R"sql(
  INSERT INTO sub_rooms (company_id, room_id, sub_room_id, display_name, sort)
  SELECT $1::text, $2::uuid, given.sub_room_id, given.display_name, given.sort
  FROM unnest($3::text[], $4::text[], $5::bigint[]) AS given (sub_room_id, display_name, sort)
  ON CONFLICT (company_id, room_id, sub_room_id)
    DO UPDATE SET display_name = excluded.display_name, sort = excluded.sort
)sql"};

// After entries or sub-rooms were written. 32 of them keep the row within its page. The texts are
// those of entries_of and sub_rooms_of (migrations/0001), here and below: written out, since on a
// distributed database no function reads tables.
inline constexpr db::Statement kWriteTexts{"write_texts", R"sql(
  UPDATE rooms
  SET entries_text = CASE WHEN entry_count <= 32 THEN
        (SELECT coalesce(string_agg(e.user_id::text || chr(31) || e.rights::text, chr(30)), '')
         FROM room_rights e WHERE e.company_id = $1 AND e.room_id = $2) END,
      sub_rooms_text = CASE WHEN sub_room_count <= 32 THEN
        (SELECT coalesce(string_agg(s.sub_room_id || chr(31) || s.sort::text || chr(31)
                                    || s.display_name, chr(30)), '')
         FROM sub_rooms s WHERE s.company_id = $1 AND s.room_id = $2) END,
      sub_rooms_size = (SELECT coalesce(sum(11 + 2 * octet_length(s.sub_room_id)
                                            + octet_length(s.display_name)), 0)::integer
                        FROM sub_rooms s WHERE s.company_id = $1 AND s.room_id = $2)
  WHERE company_id = $1 AND room_id = $2
  RETURNING entries_text, sub_rooms_text
)sql"};

// Changes of parents come one after the other within a company: two at once could close a circle
// that neither of them sees. 1919905645 is "room" in ASCII, to keep clear of other locks.
inline constexpr db::Statement kLockParents{"lock_parents", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1, 1919905645))
)sql"};

inline constexpr db::Statement kLockRoom{"lock_room", R"sql(
  SELECT parent_id, display_name, active_participants, allow_spectators, metadata, default_rights,
         entry_count, sub_room_count, passive_participants, mode, type, sort
  FROM rooms WHERE company_id = $1 AND room_id = $2 FOR NO KEY UPDATE
)sql"};

// After the lock, not joined to it: a join would show entries as they were before the wait. Each is
// looked up by itself (OFFSET 0 keeps it so), here and below: a usual room has so few entries that
// looking through them all seems cheaper, and is not where there are 10,000. Likewise of rooms.
inline constexpr db::Statement kFindEntries{"find_entries", R"sql(
  SELECT given.user_id, e.rights
  FROM unnest($3::uuid[]) AS given (user_id)
  CROSS JOIN LATERAL (SELECT r.rights FROM room_rights r
                      WHERE r.company_id = $1 AND r.room_id = $2 AND r.user_id = given.user_id
                      OFFSET 0) e
)sql"};

inline constexpr db::Statement kFindSubRooms{"find_sub_rooms", R"sql(
  SELECT sub_room_id FROM sub_rooms
  WHERE company_id = $1 AND room_id = $2 AND sub_room_id = ANY ($3::text[])
)sql"};

inline constexpr db::Statement kFindOtherAdministrator{"find_other_administrator", R"sql(
  SELECT 1 FROM room_rights
  WHERE company_id = $1 AND room_id = $2 AND rights & 2 <> 0 AND user_id <> ALL ($3::uuid[])
  LIMIT 1
)sql"};

// $2: the parent to be, $3: the room, $4: the viewer. UNION, not UNION ALL: ends in whatever it
// finds.
inline constexpr db::Statement kFindParent{"find_parent", R"sql(
  WITH RECURSIVE up (room_id, parent_id) AS (
    SELECT room_id, parent_id FROM rooms WHERE company_id = $1 AND room_id = $2
    UNION
    SELECT r.room_id, r.parent_id
    FROM up JOIN rooms r ON r.company_id = $1 AND r.room_id = up.parent_id
  )
  SELECT count(*) > 0, coalesce(bool_or(room_id = $3), false),
         EXISTS (SELECT 1 FROM room_rights e
                 WHERE e.company_id = $1 AND e.room_id = $2 AND e.user_id = $4)
  FROM up
)sql"};

inline constexpr db::Statement kUpdateRoom{"update_room", R"sql(
  UPDATE rooms SET parent_id = $3, display_name = $4, active_participants = $5,
    allow_spectators = $6, metadata = $7, default_rights = $8, entry_count = $9,
    sub_room_count = $10, passive_participants = $11, mode = $12, type = $13, sort = $14
  WHERE company_id = $1 AND room_id = $2
  RETURNING entries_text, sub_rooms_text
)sql"};

inline constexpr db::Statement kRemoveNamedEntries{"remove_named_entries", R"sql(
  DELETE FROM room_rights WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT e.place
    FROM unnest($3::uuid[]) AS given (user_id)
    CROSS JOIN LATERAL (SELECT r.ctid AS place FROM room_rights r
                        WHERE r.company_id = $1 AND r.room_id = $2 AND r.user_id = given.user_id
                        OFFSET 0) e))
)sql"};

inline constexpr db::Statement kRemoveNamedSubRooms{"remove_named_sub_rooms", R"sql(
  DELETE FROM sub_rooms
  WHERE company_id = $1 AND room_id = $2 AND sub_room_id = ANY ($3::text[])
)sql"};

inline constexpr db::Statement kLockForRemoval{"lock_for_removal", R"sql(
  SELECT parent_id, active_participants, default_rights
  FROM rooms WHERE company_id = $1 AND room_id = $2 FOR UPDATE
)sql"};

inline constexpr db::Statement kMoveChildren{"move_children", R"sql(
  UPDATE rooms SET parent_id = $3 WHERE company_id = $1 AND parent_id = $2
)sql"};

inline constexpr db::Statement kRemoveEntries{"remove_entries", R"sql(
  DELETE FROM room_rights WHERE company_id = $1 AND room_id = $2
)sql"};

inline constexpr db::Statement kRemoveSubRooms{"remove_sub_rooms", R"sql(
  DELETE FROM sub_rooms WHERE company_id = $1 AND room_id = $2
)sql"};

// Its chat is deleted piece by piece, later on: there may be a lot of it.
inline constexpr db::Statement kLeaveChat{"leave_chat", R"sql(
  UPDATE chat_rooms SET gone = true WHERE company_id = $1 AND room_id = $2
)sql"};

inline constexpr db::Statement kRemoveRoom{"remove_room", R"sql(
  DELETE FROM rooms WHERE company_id = $1 AND room_id = $2
)sql"};

// The hot path of Permissions. A NULL in $4 costs nothing.
inline constexpr db::Statement kFindAccess{"find_access", R"sql(
  SELECT r.default_rights, own.rights, other.rights, r.active_participants
  FROM rooms r
  LEFT JOIN room_rights own
    ON own.company_id = $1 AND own.room_id = $2 AND own.user_id = $3
  LEFT JOIN (SELECT o.rights FROM room_rights o
             WHERE o.company_id = $1 AND o.room_id = $2 AND o.user_id = $4) other ON true
  WHERE r.company_id = $1 AND r.room_id = $2
)sql"};

// $2: the user, $3: how many rooms. In order: two who forget at once do not wait for each other. An
// array: as a join, all rooms of the company are read for some of them, once $3 is not foreseen.
inline constexpr db::Statement kLockRoomsOf{"lock_rooms_of", R"sql(
  SELECT r.room_id FROM rooms r
  WHERE r.company_id = $1
    AND r.room_id = ANY (ARRAY(SELECT e.room_id FROM room_rights e
                               WHERE e.company_id = $1 AND e.user_id = $2
                               ORDER BY e.room_id LIMIT (SELECT $3::bigint)))
  ORDER BY r.room_id FOR NO KEY UPDATE OF r
)sql"};

inline constexpr db::Statement kForgetEntries{"forget_entries", R"sql(
  DELETE FROM room_rights
  WHERE company_id = $1 AND user_id = $2 AND room_id = ANY ($3::uuid[])
  RETURNING room_id
)sql"};

// Of each of the rooms $2 one entry is gone.
inline constexpr db::Statement kCountForgotten{"count_forgotten", R"sql(
  UPDATE rooms
  SET entry_count = entry_count - 1,
      entries_text = CASE WHEN entry_count - 1 <= 32 THEN
        (SELECT coalesce(string_agg(e.user_id::text || chr(31) || e.rights::text, chr(30)), '')
         FROM room_rights e WHERE e.company_id = $1 AND e.room_id = rooms.room_id) END
  WHERE company_id = $1 AND room_id = ANY ($2::uuid[])
)sql"};

inline constexpr const db::Statement* kAllOfRooms[] = {
    &kKeepParent,         &kInsertRoom,
    &kWriteEntries,       &kWriteSubRooms,
    &kWriteTexts,         &kLockParents,
    &kLockRoom,           &kFindEntries,
    &kFindSubRooms,       &kFindOtherAdministrator,
    &kFindParent,         &kUpdateRoom,
    &kRemoveNamedEntries, &kRemoveNamedSubRooms,
    &kLockForRemoval,     &kMoveChildren,
    &kRemoveEntries,      &kRemoveSubRooms,
    &kRemoveRoom,         &kLeaveChat,
    &kFindAccess,         &kLockRoomsOf,
    &kForgetEntries,      &kCountForgotten};

}  // namespace usher::room::sql
