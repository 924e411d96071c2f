// Every statement about engines, in the order of the store's methods. Who counts as online is told
// by what is written; how long it counts, in microseconds, by a parameter.
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

// $3: how long a report counts, $4: the bytes that a reply holds.
inline constexpr db::Statement kListOccupants{"list_occupants", R"sql(
  SELECT room_id, CASE WHEN sum(octet_length(occupants)) OVER () <= $4::bigint THEN occupants END
  FROM room_presence
  WHERE company_id = $1 AND room_id = ANY ($2::uuid[])
    AND reported_at > now() - $3::bigint * interval '1 microsecond'
)sql"};

// $3: how long a report counts, $4: who asks. Somebody at two engines counts twice, until the first
// of them has noticed. See OccupantsText.
inline constexpr db::Statement kCountOccupants{"count_occupants", R"sql(
  SELECT coalesce(sum(active), 0), coalesce(sum(passive), 0),
         coalesce(bool_or(strpos(occupants, chr(30) || $4::text || chr(31) || '1') > 0), false)
  FROM room_presence
  WHERE company_id = $1 AND room_id = $2
    AND reported_at > now() - $3::bigint * interval '1 microsecond'
)sql"};

// So that neither rights nor rooms change between what is kept of a report and what is answered.
// In order: two reports of the same rooms do not wait for each other.
inline constexpr db::Statement kLockReported{"lock_reported", R"sql(
  SELECT r.room_id FROM rooms r
  WHERE r.company_id = $1 AND r.room_id = ANY ($2::uuid[])
  ORDER BY r.room_id FOR SHARE OF r
)sql"};

inline constexpr db::Statement kWriteReport{"write_report", R"sql(
  INSERT INTO room_presence (company_id, engine_id, room_id, occupants, active, passive, reported_at)
  SELECT $1::text, $2::text, given.room_id, given.occupants, given.active, given.passive, now()
  FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::integer[])
    AS given (room_id, occupants, active, passive)
  ON CONFLICT (company_id, room_id, engine_id)
    DO UPDATE SET occupants = excluded.occupants, active = excluded.active,
                  passive = excluded.passive, reported_at = excluded.reported_at
)sql"};

inline constexpr db::Statement kForgetClosed{"forget_closed", R"sql(
  DELETE FROM room_presence
  WHERE company_id = $1 AND engine_id = $2 AND room_id = ANY ($3::uuid[])
)sql"};

inline constexpr db::Statement kForgetOthers{"forget_others", R"sql(
  DELETE FROM room_presence
  WHERE company_id = $1 AND engine_id = $2 AND room_id <> ALL ($3::uuid[])
)sql"};

// $3: how long a report counts, $4: the engine that asks.
inline constexpr db::Statement kFindPlaces{"find_places", R"sql(
  SELECT r.room_id, r.active_participants, r.passive_participants, r.allow_spectators,
         coalesce(p.active, 0), coalesce(p.passive, 0)
  FROM rooms r
  LEFT JOIN (SELECT o.room_id, sum(o.active) AS active, sum(o.passive) AS passive
             FROM room_presence o
             WHERE o.company_id = $1 AND o.room_id = ANY ($2::uuid[]) AND o.engine_id <> $4
               AND o.reported_at > now() - $3::bigint * interval '1 microsecond'
             GROUP BY o.room_id) p
    ON p.room_id = r.room_id
  WHERE r.company_id = $1 AND r.room_id = ANY ($2::uuid[])
)sql"};

// Of many people in many rooms at once: place in the question, default rights, the entry. $3: their
// subjects, $4: whether they are guests, $5: only those who may neither join nor administer (bits 5
// and 1), as far as tables know it.
inline constexpr db::Statement kFindRights{"find_rights", R"sql(
  SELECT asked.place, r.default_rights, e.rights
  FROM unnest($2::uuid[], $3::uuid[], $4::boolean[]) WITH ORDINALITY
    AS asked (room_id, subject, guest, place)
  JOIN rooms r ON r.company_id = $1 AND r.room_id = asked.room_id
  LEFT JOIN room_rights e
    ON e.company_id = $1 AND e.room_id = asked.room_id AND e.user_id = asked.subject
  WHERE NOT $5::boolean
    OR coalesce(e.rights, CASE WHEN NOT asked.guest THEN r.default_rights END, 0) & 34 = 0
)sql"};

// Of several engines, $2; $3: how many of each.
inline constexpr db::Statement kListCommands{"list_commands", R"sql(
  SELECT asked.place, c.command_id, c.kind, c.room_id, c.user_id, c.reason
  FROM unnest($2::text[]) WITH ORDINALITY AS asked (engine_id, place)
  CROSS JOIN LATERAL (
    SELECT * FROM engine_commands e
    WHERE e.company_id = $1 AND e.engine_id = asked.engine_id
    ORDER BY e.written_at, e.command_id LIMIT $3::bigint
  ) c
  ORDER BY asked.place, c.written_at, c.command_id
)sql"};

inline constexpr db::Statement kAcknowledge{"acknowledge", R"sql(
  DELETE FROM engine_commands
  WHERE company_id = $1 AND engine_id = $2 AND command_id = ANY ($3::uuid[])
)sql"};

// Which engines have the room, and whom. $3: how long a report counts.
inline constexpr db::Statement kFindEnginesIn{"find_engines_in", R"sql(
  SELECT engine_id, occupants FROM room_presence
  WHERE company_id = $1 AND room_id = $2
    AND reported_at > now() - $3::bigint * interval '1 microsecond'
)sql"};

inline constexpr db::Statement kFindEngines{"find_engines", R"sql(
  SELECT DISTINCT engine_id FROM room_presence
  WHERE company_id = $1 AND reported_at > now() - $2::bigint * interval '1 microsecond'
)sql"};

// "" stands for NULL in the arrays.
inline constexpr db::Statement kWriteCommands{"write_commands", R"sql(
  INSERT INTO engine_commands (company_id, engine_id, command_id, kind, room_id, user_id, reason,
                               written_at)
  SELECT $1::text, given.engine_id, given.command_id, given.kind,
         nullif(given.room_id, '')::uuid, nullif(given.user_id, '')::uuid, given.reason, now()
  FROM unnest($2::text[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::smallint[])
    AS given (engine_id, command_id, kind, room_id, user_id, reason)
  ON CONFLICT (company_id, engine_id, kind, room_id, user_id)
    DO UPDATE SET command_id = excluded.command_id, reason = excluded.reason,
                  written_at = excluded.written_at
)sql"};

inline constexpr db::Statement kForgetPresence{"forget_presence", R"sql(
  DELETE FROM room_presence WHERE company_id = $1 AND room_id = $2
)sql"};

// Companies that have something to forget; the statements behind it forget it, company by company
// (docs/scale-out.md).
inline constexpr db::Statement kFindOldPresence{"find_old_presence", R"sql(
  SELECT DISTINCT company_id FROM (
    SELECT company_id FROM room_presence
    WHERE reported_at < now() - $2::bigint * interval '1 microsecond' LIMIT $1::bigint) old
)sql"};

inline constexpr db::Statement kForgetOldPresence{"forget_old_presence", R"sql(
  DELETE FROM room_presence WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM room_presence
    WHERE company_id = $1 AND reported_at < now() - $3::bigint * interval '1 microsecond'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr db::Statement kFindOldCommands{"find_old_commands", R"sql(
  SELECT DISTINCT company_id FROM (
    SELECT company_id FROM engine_commands
    WHERE written_at < now() - $2::bigint * interval '1 microsecond' LIMIT $1::bigint) old
)sql"};

inline constexpr db::Statement kForgetOldCommands{"forget_old_commands", R"sql(
  DELETE FROM engine_commands WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM engine_commands
    WHERE company_id = $1 AND written_at < now() - $3::bigint * interval '1 microsecond'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr const db::Statement* kAllOfEngines[] = {
    &kListOccupants,     &kCountOccupants,  &kLockReported,     &kWriteReport,    &kForgetClosed,
    &kForgetOthers,      &kFindPlaces,      &kFindRights,       &kListCommands,   &kAcknowledge,
    &kFindEnginesIn,     &kFindEngines,     &kWriteCommands,    &kForgetPresence, &kFindOldPresence,
    &kForgetOldPresence, &kFindOldCommands, &kForgetOldCommands};

}  // namespace usher::room::sql
