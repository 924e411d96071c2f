// Every statement of the room service, in the order of the store's methods.
//
// Bits of rights: 2 is admin, 34 is admin or join (bit n is right n of common.RoomPermission).
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

// $2 subject, $3 administers all, $4 has defaults, $5 parts, $6 limit, $7 offset, $8 share: the
// same in the three lists. Bits of $5: 1 metadata, 2 entries of others, 4 sub-rooms, 8 anything but
// IDs. A room answers these contents as long as neither its entries nor the rest take more than $8
// bytes of a reply; $8 is so small that rooms within it always fit together. Of a heavy room the
// tenth column is NULL, as of one whose texts are too long to stand beside it: see kListHeavyRooms.
// An entry takes 43 bytes at least. For who sees all rooms:
inline constexpr db::Statement kListAllRooms{"list_all_rooms", R"sql(
  SELECT r.room_id, r.parent_id, r.display_name, r.active_participants, r.allow_spectators,
         CASE WHEN $5::integer & 1 <> 0
                   AND r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8::bigint
              THEN r.metadata END,
         r.default_rights, own.rights,
         CASE WHEN $5 & 2 <> 0 AND 43 * r.entry_count <= $8
                   AND ($3 OR own.rights & 2 <> 0
                        OR own.rights IS NULL AND $4 AND r.default_rights & 2 <> 0)
              THEN r.entries_text END,
         CASE WHEN ($5 & 1) * r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8
                   AND (43 * r.entry_count <= $8 AND r.entries_text IS NOT NULL
                        OR NOT coalesce($5 & 2 <> 0
                                        AND ($3 OR own.rights & 2 <> 0 OR own.rights IS NULL AND $4
                                             AND r.default_rights & 2 <> 0), false))
              THEN CASE WHEN $5 & 4 <> 0 THEN r.sub_rooms_text ELSE '' END END,
         r.passive_participants, r.mode, r.type, r.sort
  FROM (SELECT * FROM rooms a WHERE a.company_id = $1
        ORDER BY a.room_id LIMIT $6::bigint OFFSET $7::bigint) r
  LEFT JOIN LATERAL (SELECT o.rights FROM room_rights o
                     WHERE (NOT $3 OR $5 & 10 = 8)
                       AND o.company_id = $1 AND o.user_id = $2 AND o.room_id = r.room_id
                     OFFSET 0) own ON true
  ORDER BY r.room_id
)sql"};

// For who sees the rooms that an entry or the default rights open. Either way is an ordered index
// scan that ends after limit + offset rooms, so that the size of the company does not matter.
inline constexpr db::Statement kListOpenRooms{"list_open_rooms", R"sql(
  SELECT r.room_id, r.parent_id, r.display_name, r.active_participants, r.allow_spectators,
         CASE WHEN $5::integer & 1 <> 0
                   AND r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8::bigint
              THEN r.metadata END,
         r.default_rights, page.rights,
         CASE WHEN $5 & 2 <> 0 AND 43 * r.entry_count <= $8
                   AND ($3 OR page.rights & 2 <> 0
                        OR page.rights IS NULL AND $4 AND r.default_rights & 2 <> 0)
              THEN r.entries_text END,
         CASE WHEN ($5 & 1) * r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8
                   AND (43 * r.entry_count <= $8 AND r.entries_text IS NOT NULL
                        OR NOT coalesce($5 & 2 <> 0
                                        AND ($3 OR page.rights & 2 <> 0 OR page.rights IS NULL AND $4
                                             AND r.default_rights & 2 <> 0), false))
              THEN CASE WHEN $5 & 4 <> 0 THEN r.sub_rooms_text ELSE '' END END,
         r.passive_participants, r.mode, r.type, r.sort
  FROM (
    (SELECT own.room_id, own.rights FROM room_rights own
     WHERE own.company_id = $1 AND own.user_id = $2 AND own.rights & 34 <> 0
     ORDER BY own.room_id LIMIT $6::bigint + $7::bigint)
    UNION ALL
    (SELECT o.room_id, NULL FROM rooms o
     WHERE $4 AND o.company_id = $1 AND o.default_rights & 34 <> 0
       AND (SELECT e.rights FROM room_rights e
            WHERE e.company_id = $1 AND e.room_id = o.room_id AND e.user_id = $2) IS NULL
     ORDER BY o.room_id LIMIT $6::bigint + $7::bigint)
    ORDER BY room_id LIMIT $6::bigint OFFSET $7::bigint
  ) page
  CROSS JOIN LATERAL (SELECT * FROM rooms a
                      WHERE a.company_id = $1 AND a.room_id = page.room_id OFFSET 0) r
  ORDER BY r.room_id
)sql"};

// Those of the rooms $9 that the viewer sees; $10: sees all.
inline constexpr db::Statement kListNamedRooms{"list_named_rooms", R"sql(
  SELECT r.room_id, r.parent_id, r.display_name, r.active_participants, r.allow_spectators,
         CASE WHEN $5::integer & 1 <> 0
                   AND r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8::bigint
              THEN r.metadata END,
         r.default_rights, own.rights,
         CASE WHEN $5 & 2 <> 0 AND 43 * r.entry_count <= $8
                   AND ($3 OR own.rights & 2 <> 0
                        OR own.rights IS NULL AND $4 AND r.default_rights & 2 <> 0)
              THEN r.entries_text END,
         CASE WHEN ($5 & 1) * r.metadata_size + ($5 >> 2 & 1) * r.sub_rooms_size <= $8
                   AND (43 * r.entry_count <= $8 AND r.entries_text IS NOT NULL
                        OR NOT coalesce($5 & 2 <> 0
                                        AND ($3 OR own.rights & 2 <> 0 OR own.rights IS NULL AND $4
                                             AND r.default_rights & 2 <> 0), false))
              THEN CASE WHEN $5 & 4 <> 0 THEN r.sub_rooms_text ELSE '' END END,
         r.passive_participants, r.mode, r.type, r.sort
  FROM (SELECT DISTINCT room_id FROM unnest($9::uuid[]) AS given (room_id)) asked
  CROSS JOIN LATERAL (SELECT * FROM rooms a
                      WHERE a.company_id = $1 AND a.room_id = asked.room_id OFFSET 0) r
  LEFT JOIN LATERAL (SELECT o.rights FROM room_rights o
                     WHERE o.company_id = $1 AND o.room_id = asked.room_id AND o.user_id = $2
                     OFFSET 0) own ON true
  WHERE ($10 OR own.rights & 34 <> 0 OR own.rights IS NULL AND $4 AND r.default_rights & 34 <> 0)
  ORDER BY r.room_id LIMIT $6::bigint OFFSET $7::bigint
)sql"};

// The heavy ones among the rooms of a page, if all of the page fits into $6 bytes: else the tenth
// column is NULL, and nothing was read but their sizes. $2 to $4 as above, $5: the page, $7: the
// heavy rooms of it, $8: parts. 44 bytes are the least that a room takes.
inline constexpr db::Statement kListHeavyRooms{"list_heavy_rooms", R"sql(
  SELECT w.room_id, w.parent_id, w.display_name, w.active_participants, w.allow_spectators,
         CASE WHEN w.fits AND $8::integer & 1 <> 0 THEN w.metadata END, w.default_rights,
         w.own_rights,
         CASE WHEN w.fits AND w.shows_entries
              THEN coalesce(w.entries_text, (
                SELECT coalesce(string_agg(e.user_id::text || chr(31) || e.rights::text,
                                           chr(30)), '')
                FROM room_rights e WHERE e.company_id = $1 AND e.room_id = w.room_id)) END,
         CASE WHEN w.fits
              THEN CASE WHEN $8 & 4 = 0 THEN ''
                   ELSE coalesce(w.sub_rooms_text, (
                     SELECT coalesce(string_agg(s.sub_room_id || chr(31) || s.sort::text || chr(31)
                                                || s.display_name, chr(30)), '')
                     FROM sub_rooms s WHERE s.company_id = $1 AND s.room_id = w.room_id)) END END,
         w.passive_participants, w.mode, w.type, w.sort
  FROM (
    SELECT s.*, sum(44 + octet_length(s.display_name) + ($8 & 1) * s.metadata_size
                    + ($8 >> 2 & 1) * s.sub_rooms_size
                    + CASE WHEN s.shows_entries THEN 43 * s.entry_count::bigint ELSE 0 END)
                  OVER () <= $6::bigint AS fits
    FROM (
      SELECT r.*, own.rights AS own_rights,
             $8 & 2 <> 0 AND ($3 OR own.rights & 2 <> 0
               OR own.rights IS NULL AND $4 AND r.default_rights & 2 <> 0) AS shows_entries
      FROM unnest($5::uuid[]) AS page (room_id)
      CROSS JOIN LATERAL (SELECT * FROM rooms a
                          WHERE a.company_id = $1 AND a.room_id = page.room_id OFFSET 0) r
      LEFT JOIN LATERAL (SELECT o.rights FROM room_rights o
                         WHERE o.company_id = $1 AND o.room_id = page.room_id AND o.user_id = $2
                         OFFSET 0) own ON true
    ) s
  ) w
  WHERE w.room_id = ANY ($7::uuid[])
  ORDER BY w.room_id
)sql"};

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
  ORDER BY r.sort, r.room_id LIMIT $4::bigint
)sql"};

inline constexpr db::Statement kNumberRooms{"number_rooms", R"sql(
  UPDATE rooms SET sort = given.sort
  FROM unnest($2::uuid[], $3::bigint[]) AS given (room_id, sort)
  WHERE rooms.company_id = $1 AND rooms.room_id = given.room_id AND rooms.sort <> given.sort
)sql"};

inline constexpr db::Statement kMoveRoom{"move_room", R"sql(
  UPDATE rooms SET parent_id = $3, sort = $4 WHERE company_id = $1 AND room_id = $2
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

// $2: the user, $3: how many rooms. In order: two who forget at once do not wait for each other.
inline constexpr db::Statement kLockRoomsOf{"lock_rooms_of", R"sql(
  SELECT r.room_id FROM rooms r
  WHERE r.company_id = $1
    AND r.room_id IN (SELECT e.room_id FROM room_rights e
                      WHERE e.company_id = $1 AND e.user_id = $2
                      ORDER BY e.room_id LIMIT $3::bigint)
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

inline constexpr const db::Statement* kAll[] = {&kKeepParent,         &kInsertRoom,
                                                &kWriteEntries,       &kWriteSubRooms,
                                                &kWriteTexts,         &kLockParents,
                                                &kLockRoom,           &kFindEntries,
                                                &kFindSubRooms,       &kFindOtherAdministrator,
                                                &kFindParent,         &kUpdateRoom,
                                                &kRemoveNamedEntries, &kRemoveNamedSubRooms,
                                                &kListAllRooms,       &kListOpenRooms,
                                                &kListNamedRooms,     &kListHeavyRooms,
                                                &kFindPredecessor,    &kFindSuccessor,
                                                &kListSiblings,       &kNumberRooms,
                                                &kMoveRoom,           &kLockForRemoval,
                                                &kMoveChildren,       &kRemoveEntries,
                                                &kRemoveSubRooms,     &kRemoveRoom,
                                                &kLeaveChat,          &kFindAccess,
                                                &kLockRoomsOf,        &kForgetEntries,
                                                &kCountForgotten};

}  // namespace usher::room::sql
