// The statements that list rooms (docs/room.md, "How a list is answered").
//
// Bits of rights: 2 is admin, 34 is admin or join (bit n is right n of common.RoomPermission).
//
// Limits stand in a SELECT of their own (common/db/statement.h).
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

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
        ORDER BY a.room_id LIMIT (SELECT $6::bigint) OFFSET (SELECT $7::bigint)) r
  LEFT JOIN LATERAL (SELECT o.rights FROM room_rights o
                     WHERE (NOT $3 OR $5 & 10 = 8)
                       AND o.company_id = $1 AND o.user_id = $2 AND o.room_id = r.room_id
                     OFFSET 0) own ON true
  ORDER BY r.room_id
)sql"};

// For who sees the rooms that an entry or the default rights open. Either way is an ordered index
// scan that ends after limit + offset rooms, so that the size of the company does not matter. (IS
// NOT TRUE is expected of every second room, IS NULL of one in 200, which nobody would scan for.)
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
     ORDER BY own.room_id LIMIT (SELECT $6::bigint + $7::bigint))
    UNION ALL
    (SELECT o.room_id, NULL FROM rooms o
     WHERE $4 AND o.company_id = $1 AND o.default_rights & 34 <> 0
       AND (SELECT true FROM room_rights e
            WHERE e.company_id = $1 AND e.room_id = o.room_id AND e.user_id = $2) IS NOT TRUE
     ORDER BY o.room_id LIMIT (SELECT $6::bigint + $7::bigint))
    ORDER BY room_id LIMIT (SELECT $6::bigint) OFFSET (SELECT $7::bigint)
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

inline constexpr const db::Statement* kAllOfRoomLists[] = {&kListAllRooms, &kListOpenRooms,
                                                           &kListNamedRooms, &kListHeavyRooms};

}  // namespace usher::room::sql
