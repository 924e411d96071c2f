// Every statement about sessions, in the order of the store's methods. Whatever opens or renews one
// locks company, user, method and session in this order, as the changes that end sessions do. A
// session is over when it was opened at or before its method's sessions_since, or when the method
// is gone, whatever rows there still are (the view live_sessions); one that was begun in another
// company also when the method is that it was begun with.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $1 company, $2 key type, $3 principal key, $4 the secret that was verified; the session: $5 ID,
// $6 user, $7 base user, $8 principal, $9 display name, $10 permissions, $11 hash, $12 how long it
// may last, in microseconds; the call: $13 rpc, $14 request ID, $15 peer; where it was begun, if
// that was in another company: $16 company, $17 key type, $18 principal key. Answers, when it was
// opened, when that was, when it ends: no later than its method, and whether its method has links
// to other companies. 1 is ACTIVATED, and an active company. It is dated after the locks: not
// before a change that it has waited for and seen.
inline constexpr db::Statement kOpenSession{"open_session", R"sql(
  WITH live AS MATERIALIZED (
    SELECT m.expires_at FROM methods m
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    JOIN companies c ON c.company_id = m.company_id
    WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3 AND m.secret = $4
      AND m.status = 1 AND u.status = 1 AND c.status = 1
      AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp())
      AND m.permissions & $10 = $10
    FOR SHARE OF c, u, m
  ), dated AS MATERIALIZED (
    SELECT expires_at, clock_timestamp() AS at FROM live
  ), opened AS (
    INSERT INTO sessions (company_id, session_id, user_id, key_type, principal_key, principal,
      base_user_id, display_name, permissions, current_hash, rotated_at, expires_at, created_at,
      origin_company_id, origin_key_type, origin_principal_key, peer)
    SELECT $1, $5::uuid, $6::uuid, $2, $3, $8::text, $7::uuid, $9::text, $10::integer, $11::bytea,
           at, least(at + $12::bigint * interval '1 microsecond', expires_at), at,
           $16::text, $17::text, $18::text, $15::text FROM dated
    RETURNING session_id, user_id, created_at, expires_at
  ), noted AS (
    INSERT INTO audit (company_id, user_id, rpc, object, detail, request_id, peer)
    SELECT $1, user_id, $13::text, 'session ' || session_id, 'opened by ' || $2, $14::text,
           $15::text FROM opened
  )
  SELECT (extract(epoch FROM created_at) * 1000000)::bigint,
         (extract(epoch FROM expires_at) * 1000000)::bigint,
         EXISTS (SELECT 1 FROM company_links l
           WHERE l.company_id = $1 AND l.key_type = $2 AND l.principal_key = $3)
  FROM opened
)sql"};

// Two sign-ins of a guest wait for each other here, so that one session is left.
inline constexpr db::Statement kLockMethodForOpening{"lock_method_for_opening", R"sql(
  SELECT 1 FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3
  FOR SHARE OF c, u FOR NO KEY UPDATE OF m
)sql"};

inline constexpr db::Statement kCountSessions{"count_sessions", R"sql(
  SELECT count(*) FROM (
    SELECT 1 FROM sessions s
    WHERE s.company_id = $1 AND s.key_type = $2 AND s.principal_key = $3
      AND s.created_at > (SELECT m.sessions_since FROM methods m
        WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3)
    LIMIT $4
  ) counted
)sql"};

// All but the newest $4. Waits for no session, so that it stands in the way of no change that holds
// some of them and is about to take the others.
inline constexpr db::Statement kDeleteOldestSessions{"delete_oldest_sessions", R"sql(
  WITH beyond AS MATERIALIZED (
    SELECT s.session_id FROM sessions s
    WHERE s.company_id = $1 AND s.key_type = $2 AND s.principal_key = $3
      AND s.created_at > (SELECT m.sessions_since FROM methods m
        WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3)
    ORDER BY s.created_at DESC, s.session_id DESC LIMIT 1000 OFFSET $4
  ), free AS MATERIALIZED (
    SELECT s.session_id FROM sessions s JOIN beyond USING (session_id)
    WHERE s.company_id = $1 FOR UPDATE OF s SKIP LOCKED
  )
  DELETE FROM sessions s USING free
  WHERE s.company_id = $1 AND s.session_id = free.session_id
  RETURNING s.session_id
)sql"};

// Locks, though it changes nothing: an uncommitted change, whose revocation would be older than the
// token that is about to be signed, is waited for. The time is read after the locks.
inline constexpr db::Statement kFindSession{"find_session", R"sql(
  WITH locked AS MATERIALIZED (
    SELECT s.session_id, s.user_id, s.key_type, s.principal_key, s.principal, s.base_user_id,
           s.display_name, s.permissions, s.current_hash, s.previous_hash, s.good_hashes,
           s.ended_hashes,
           (extract(epoch FROM s.rotated_at) * 1000000)::bigint,
           (extract(epoch FROM s.expires_at) * 1000000)::bigint,
           m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions,
           m.status, m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
           (extract(epoch FROM m.expires_at) * 1000000)::bigint,
           (extract(epoch FROM m.created_at) * 1000000)::bigint,
           u.status, c.status, s.origin_company_id, s.origin_key_type, s.origin_principal_key,
           EXISTS (SELECT 1 FROM company_links l
             WHERE l.company_id = s.company_id AND l.key_type = s.key_type
               AND l.principal_key = s.principal_key)
    FROM sessions s
    JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
      AND m.principal_key = s.principal_key
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    JOIN companies c ON c.company_id = s.company_id
    WHERE s.company_id = $1 AND s.session_id = $2 AND s.created_at > m.sessions_since
      AND (s.origin_company_id IS NULL OR EXISTS (
        SELECT 1 FROM methods o
        WHERE o.company_id = s.origin_company_id AND o.key_type = s.origin_key_type
          AND o.principal_key = s.origin_principal_key AND o.sessions_since < s.created_at))
    FOR SHARE OF c, u, m
  )
  SELECT *, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM locked
)sql"};

inline constexpr db::Statement kLockSession{"lock_session", R"sql(
  WITH locked AS MATERIALIZED (
    SELECT s.session_id, s.user_id, s.key_type, s.principal_key, s.principal, s.base_user_id,
           s.display_name, s.permissions, s.current_hash, s.previous_hash, s.good_hashes,
           s.ended_hashes,
           (extract(epoch FROM s.rotated_at) * 1000000)::bigint,
           (extract(epoch FROM s.expires_at) * 1000000)::bigint,
           m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions,
           m.status, m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
           (extract(epoch FROM m.expires_at) * 1000000)::bigint,
           (extract(epoch FROM m.created_at) * 1000000)::bigint,
           u.status, c.status, s.origin_company_id, s.origin_key_type, s.origin_principal_key,
           EXISTS (SELECT 1 FROM company_links l
             WHERE l.company_id = s.company_id AND l.key_type = s.key_type
               AND l.principal_key = s.principal_key)
    FROM sessions s
    JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
      AND m.principal_key = s.principal_key
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    JOIN companies c ON c.company_id = s.company_id
    WHERE s.company_id = $1 AND s.session_id = $2 AND s.created_at > m.sessions_since
      AND (s.origin_company_id IS NULL OR EXISTS (
        SELECT 1 FROM methods o
        WHERE o.company_id = s.origin_company_id AND o.key_type = s.origin_key_type
          AND o.principal_key = s.origin_principal_key AND o.sessions_since < s.created_at))
    FOR SHARE OF c, u, m FOR UPDATE OF s
  )
  SELECT *, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM locked
)sql"};

// The audit row in the same statement: refreshing is what auth does most.
inline constexpr db::Statement kRotateSession{"rotate_session", R"sql(
  WITH rotated AS (
    UPDATE sessions SET current_hash = $3, previous_hash = $4, good_hashes = $5, ended_hashes = $6,
      rotated_at = $7, peer = $10::text
    WHERE company_id = $1 AND session_id = $2
    RETURNING session_id, user_id
  )
  INSERT INTO audit (company_id, user_id, rpc, object, detail, request_id, peer)
  SELECT $1, user_id, $8::text, 'session ' || session_id, 'continued', $9::text, $10::text
  FROM rotated
)sql"};

inline constexpr db::Statement kEndSession{"end_session", R"sql(
  DELETE FROM sessions WHERE company_id = $1 AND session_id = $2
)sql"};

// Locks for the same reason as kFindSession. The fourth column is the status of the methods as in
// kFindUser: they are locked as well, since what is not would be seen as it was before the wait.
inline constexpr db::Statement kFindSigningTarget{"find_signing_target", R"sql(
  WITH account AS MATERIALIZED (
    SELECT u.company_id, u.user_id, u.status AS user_status, c.status AS company_status
    FROM users u
    JOIN companies c ON c.company_id = u.company_id
    WHERE u.company_id = $1 AND u.user_id = $2
    FOR SHARE OF c, u
  ), own AS MATERIALIZED (
    SELECT m.* FROM account a
    JOIN methods m ON m.company_id = a.company_id AND m.user_id = a.user_id
    WHERE m.company_id = $1 FOR SHARE OF m
  )
  SELECT a.user_status, a.company_status, coalesce((SELECT bit_or(permissions) FROM own), 0),
         coalesce((SELECT min(CASE WHEN status = 1 AND expires_at <= clock_timestamp() THEN 2
                                   ELSE status END) FROM own), 1),
         g.company_id, g.key_type, g.principal, g.principal_key, g.user_id, g.permissions,
         g.status, g.metadata, g.room_id, g.email, g.display_name, g.shareable, g.redirect_uri,
         (extract(epoch FROM g.expires_at) * 1000000)::bigint,
         (extract(epoch FROM g.created_at) * 1000000)::bigint,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM account a
  LEFT JOIN own g ON g.key_type = 'guest_access'
  LIMIT 1
)sql"};

// The platform's own: expired is expired in every company.
inline constexpr db::Statement kForgetSessions{"forget_sessions", R"sql(
  DELETE FROM sessions WHERE expires_at <= $1
)sql"};

// What a change has ended (kEndSessionsOfMethod): a piece of it at a time.
inline constexpr db::Statement kForgetEndedSessions{"forget_ended_sessions", R"sql(
  DELETE FROM sessions WHERE ctid = ANY (ARRAY(
    SELECT ended.ctid FROM ended_sessions e
    CROSS JOIN LATERAL (
      SELECT s.ctid FROM sessions s
      WHERE s.company_id = e.company_id AND s.key_type = e.key_type
        AND s.principal_key = e.principal_key AND s.created_at <= e.ended_until
      ORDER BY s.created_at LIMIT 1000) ended
    LIMIT 1000))
)sql"};

inline constexpr db::Statement kForgetEndings{"forget_endings", R"sql(
  DELETE FROM ended_sessions e WHERE NOT EXISTS (
    SELECT 1 FROM sessions s
    WHERE s.company_id = e.company_id AND s.key_type = e.key_type
      AND s.principal_key = e.principal_key AND s.created_at <= e.ended_until)
)sql"};

// $1 companies, $2 key types, $3 principal keys, $4 times. What is there already and as new stays:
// processes write what each has seen.
inline constexpr db::Statement kNoteUses{"note_uses", R"sql(
  INSERT INTO method_uses (company_id, key_type, principal_key, used_at)
  SELECT n.company, n.key_type, n.principal_key, n.used_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
    AS n (company, key_type, principal_key, used_at)
  ORDER BY n.company, n.key_type, n.principal_key
  ON CONFLICT ON CONSTRAINT method_uses_pk
  DO UPDATE SET used_at = excluded.used_at WHERE method_uses.used_at < excluded.used_at
)sql"};

inline constexpr db::Statement kForgetUses{"forget_uses", R"sql(
  DELETE FROM method_uses WHERE used_at < $1
)sql"};

inline constexpr const db::Statement* kAllOfSessions[] = {&kOpenSession,
                                                          &kLockMethodForOpening,
                                                          &kCountSessions,
                                                          &kDeleteOldestSessions,
                                                          &kFindSession,
                                                          &kLockSession,
                                                          &kRotateSession,
                                                          &kEndSession,
                                                          &kFindSigningTarget,
                                                          &kForgetSessions,
                                                          &kForgetEndedSessions,
                                                          &kForgetEndings,
                                                          &kNoteUses,
                                                          &kForgetUses};

}  // namespace usher::auth::sql
