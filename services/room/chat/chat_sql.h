// Every statement of chat, in the order of the store's methods. The rows of tenants and of rooms
// that are destroyed: services/room/tenant_sql.h, services/room/room_sql.h.
#pragma once

#include "common/db/statement.h"

namespace usher::room::sql {

// $2: rooms, $3: under whom entries are kept, $4: a sub-room or ''. The rooms stay until the
// message is written, locked in the order of their IDs. Entries are those of now: a sender who is
// being put out may just be heard.
inline constexpr db::Statement kHoldChatRooms{"hold_chat_rooms", R"sql(
  SELECT r.room_id, r.default_rights,
         (SELECT e.rights FROM room_rights e
          WHERE e.company_id = $1 AND e.room_id = r.room_id AND e.user_id = $3),
         EXISTS (SELECT 1 FROM sub_rooms s
                 WHERE s.company_id = $1 AND s.room_id = r.room_id AND s.sub_room_id = $4)
  FROM rooms r WHERE r.company_id = $1 AND r.room_id = ANY ($2::uuid[])
  ORDER BY r.room_id FOR KEY SHARE OF r
)sql"};

// Where a room is chatted in for the first time.
inline constexpr db::Statement kOpenChat{"open_chat", R"sql(
  INSERT INTO chat_rooms (company_id, room_id)
  SELECT $1::text, given.room_id FROM unnest($2::uuid[]) AS given (room_id) ORDER BY given.room_id
  ON CONFLICT (company_id, room_id) DO NOTHING
)sql"};

// From here to the end of the transaction nobody else writes in these rooms.
inline constexpr db::Statement kLockChat{"lock_chat", R"sql(
  SELECT c.room_id, c.last_position,
         (extract(epoch FROM c.last_at) * 1000000)::bigint,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM chat_rooms c WHERE c.company_id = $1 AND c.room_id = ANY ($2::uuid[])
  ORDER BY c.room_id FOR UPDATE OF c
)sql"};

inline constexpr db::Statement kAdvanceChat{"advance_chat", R"sql(
  UPDATE chat_rooms SET last_position = last_position + 1, last_at = $3::timestamptz
  WHERE company_id = $1 AND room_id = ANY ($2::uuid[])
)sql"};

// $2: rooms, $3: the position in each.
inline constexpr db::Statement kAppendMessage{"append_message", R"sql(
  INSERT INTO chat_messages (company_id, room_id, position, message_id, sender, sent_at, sub_room_id,
                             broadcast, body, language, source_language)
  SELECT $1::text, given.room_id, given.position, $4::uuid, $5::uuid, $6::timestamptz, $7::text,
         $8::boolean, $9::text, $10::text, $11::text
  FROM unnest($2::uuid[], $3::bigint[]) AS given (room_id, position)
)sql"};

// $2: rooms, $3: under whom entries are kept, $4: sub-rooms or '', one beside the other.
inline constexpr db::Statement kFindChatAccesses{"find_chat_accesses", R"sql(
  SELECT asked.place, r.default_rights,
         (SELECT e.rights FROM room_rights e
          WHERE e.company_id = $1 AND e.room_id = r.room_id AND e.user_id = asked.user_id),
         asked.sub_room_id <> '' AND EXISTS (
           SELECT 1 FROM sub_rooms s WHERE s.company_id = $1 AND s.room_id = r.room_id
             AND s.sub_room_id = asked.sub_room_id)
  FROM unnest($2::uuid[], $3::uuid[], $4::text[])
         WITH ORDINALITY AS asked (room_id, user_id, sub_room_id, place)
  JOIN rooms r ON r.company_id = $1 AND r.room_id = asked.room_id
)sql"};

inline constexpr db::Statement kFindChatPlace{"find_chat_place", R"sql(
  SELECT c.last_position,
         coalesce((SELECT m.position FROM chat_messages m
                   WHERE m.company_id = $1 AND m.room_id = $2 ORDER BY m.position LIMIT 1), 0)
  FROM chat_rooms c WHERE c.company_id = $1 AND c.room_id = $2
)sql"};

// Look back from ($4, $5), times in microseconds since 1970, not beyond position $6; $7: how many,
// $8: bytes of the reply, of which a message takes 220 besides its texts at most. Rows that do not
// fit have no text any more. The same in the two lists. Of all sub-rooms:
inline constexpr db::Statement kListChat{"list_chat", R"sql(
  SELECT m.position, m.message_id, m.sender, (extract(epoch FROM m.sent_at) * 1000000)::bigint,
         m.sub_room_id, m.broadcast, m.language, m.source_language,
         CASE WHEN m.fits THEN m.body END
  FROM (
    SELECT l.*, sum(220 + octet_length(l.body) + octet_length(l.sub_room_id))
                  OVER (ORDER BY l.sent_at DESC, l.position DESC) <= $8::bigint AS fits
    FROM (
      SELECT * FROM chat_messages c
      WHERE c.company_id = $1 AND c.room_id = $2 AND c.sent_at >= $3::timestamptz
        AND (c.sent_at, c.position) < ($4::timestamptz, $5::bigint) AND c.position <= $6::bigint
      ORDER BY c.sent_at DESC, c.position DESC LIMIT (SELECT $7::bigint)
    ) l
  ) m
  ORDER BY m.sent_at DESC, m.position DESC
)sql"};

// Of the sub-room $9, or of the main room, and what went to all: two ordered scans.
inline constexpr db::Statement kListChatOfSubRoom{"list_chat_of_sub_room", R"sql(
  SELECT m.position, m.message_id, m.sender, (extract(epoch FROM m.sent_at) * 1000000)::bigint,
         m.sub_room_id, m.broadcast, m.language, m.source_language,
         CASE WHEN m.fits THEN m.body END
  FROM (
    SELECT l.*, sum(220 + octet_length(l.body) + octet_length(l.sub_room_id))
                  OVER (ORDER BY l.sent_at DESC, l.position DESC) <= $8::bigint AS fits
    FROM (
      (SELECT * FROM chat_messages own
       WHERE own.company_id = $1 AND own.room_id = $2 AND own.sub_room_id = $9 AND NOT own.broadcast
         AND own.sent_at >= $3::timestamptz
         AND (own.sent_at, own.position) < ($4::timestamptz, $5::bigint)
         AND own.position <= $6::bigint
       ORDER BY own.sent_at DESC, own.position DESC LIMIT (SELECT $7::bigint))
      UNION ALL
      (SELECT * FROM chat_messages wide
       WHERE wide.company_id = $1 AND wide.room_id = $2 AND wide.broadcast
         AND wide.sent_at >= $3::timestamptz
         AND (wide.sent_at, wide.position) < ($4::timestamptz, $5::bigint)
         AND wide.position <= $6::bigint
       ORDER BY wide.sent_at DESC, wide.position DESC LIMIT (SELECT $7::bigint))
      ORDER BY sent_at DESC, position DESC LIMIT (SELECT $7::bigint)
    ) l
  ) m
  ORDER BY m.sent_at DESC, m.position DESC
)sql"};

// $2: rooms, $3: positions, one beside the other; $4: how many of each, $5: bytes of all. Rows that
// do not fit have no text. The arrays in a SELECT: with a known number of rooms, a plan for each
// execution seems cheaper for ever, and of a company that was not counted yet such a plan reads all
// messages (common/db/statement.h).
inline constexpr db::Statement kReadNews{"read_chat_news", R"sql(
  SELECT m.place, m.position, m.message_id, m.sender,
         (extract(epoch FROM m.sent_at) * 1000000)::bigint, m.sub_room_id, m.broadcast, m.language,
         m.source_language, CASE WHEN m.fits THEN m.body END
  FROM (
    SELECT asked.place, l.*,
           sum(octet_length(l.body)) OVER (ORDER BY asked.place, l.position) <= $5::bigint AS fits
    FROM unnest((SELECT $2::uuid[]), (SELECT $3::bigint[]))
           WITH ORDINALITY AS asked (room_id, after, place)
    CROSS JOIN LATERAL (
      SELECT * FROM chat_messages n
      WHERE n.company_id = $1 AND n.room_id = asked.room_id AND n.position > asked.after
      ORDER BY n.position LIMIT (SELECT $4::bigint)
    ) l
  ) m
  ORDER BY m.place, m.position
)sql"};

inline constexpr db::Statement kForgetSender{"forget_sender", R"sql(
  DELETE FROM chat_messages WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM chat_messages WHERE company_id = $1 AND sender = $2 LIMIT $3::bigint))
)sql"};

// Companies that have something to forget; the next statement forgets it, company by company
// (common/db/retention.cc says why). $2: microseconds.
inline constexpr db::Statement kFindOldChat{"find_old_chat", R"sql(
  SELECT DISTINCT company_id FROM (
    SELECT company_id FROM chat_messages
    WHERE sent_at < now() - $2::bigint * interval '1 microsecond' LIMIT $1::bigint) old
)sql"};

// Rows that somebody else is forgetting already are passed by.
inline constexpr db::Statement kForgetOldChat{"forget_old_chat", R"sql(
  DELETE FROM chat_messages WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM chat_messages
    WHERE company_id = $1 AND sent_at < now() - $3::bigint * interval '1 microsecond'
    LIMIT $2::bigint FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr db::Statement kFindGoneChat{"find_gone_chat", R"sql(
  SELECT company_id, room_id FROM chat_rooms WHERE gone LIMIT $1::bigint
)sql"};

inline constexpr db::Statement kForgetGoneChat{"forget_gone_chat", R"sql(
  DELETE FROM chat_messages WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM chat_messages WHERE company_id = $1 AND room_id = $2 LIMIT $3::bigint))
)sql"};

// Once nothing is left of it.
inline constexpr db::Statement kForgetGoneRoom{"forget_gone_room", R"sql(
  DELETE FROM chat_rooms WHERE company_id = $1 AND room_id = $2 AND gone
    AND NOT EXISTS (SELECT 1 FROM chat_messages m WHERE m.company_id = $1 AND m.room_id = $2)
)sql"};

inline constexpr const db::Statement* kAllOfChat[] = {
    &kHoldChatRooms,     &kOpenChat,         &kLockChat,       &kAdvanceChat,
    &kAppendMessage,     &kFindChatAccesses, &kFindChatPlace,  &kListChat,
    &kListChatOfSubRoom, &kReadNews,         &kForgetSender,   &kFindOldChat,
    &kForgetOldChat,     &kFindGoneChat,     &kForgetGoneChat, &kForgetGoneRoom};

}  // namespace usher::room::sql
