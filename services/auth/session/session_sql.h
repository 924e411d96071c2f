// Every statement about sessions, in the order of the store's methods. Whatever opens or renews one
// locks company, user, method and session in this order, as the changes that end sessions do. A
// session is over when it was opened at or before its method's sessions_since, or when the method
// is gone, whatever rows there still are (the view live_sessions); one that was begun in another
// company also when it was opened at or before that method's (kFindOrigin).
#pragma once

#include "common/db/joined_sql.h"
#include "common/db/statement.h"
#include "services/auth/method/method_sql.h"

namespace usher::auth::sql {

// $1 company, $2 key type, $3 principal key, $4 the secret that was verified; the session: $5 ID,
// $6 user, $7 base user, $8 principal, $9 display name, $10 permissions, $11 hash, $12 how long it
// may last, in microseconds; the call: $13 rpc, $14 request ID, $15 peer; where it was begun, if
// that was in another company: $16 company, $17 key type, $18 principal key; $19 the user agent of
// the call; what somebody signed in with, if that was another session: $20 company, $21 session.
// Answers, when it was
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
      origin_company_id, origin_key_type, origin_principal_key, peer, user_agent,
      first_company_id, first_session_id)
    SELECT $1, $5::uuid, $6::uuid, $2, $3, $8::text, $7::uuid, $9::text, $10::integer, $11::bytea,
           at, least(at + $12::bigint * interval '1 microsecond', expires_at), at,
           $16::text, $17::text, $18::text, $15::text, $19::text,
           $20::text, $21::uuid FROM dated
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

// A session, its method, and what both depend on, which is locked.
inline constexpr char kSessionAndSql[] = R"sql(
  WITH locked AS MATERIALIZED (
    SELECT s.session_id, s.user_id, s.key_type, s.principal_key, s.principal, s.base_user_id,
           s.display_name, s.permissions, s.current_hash, s.previous_hash, s.good_hashes,
           s.ended_hashes,
           (extract(epoch FROM s.rotated_at) * 1000000)::bigint,
           (extract(epoch FROM s.expires_at) * 1000000)::bigint,)sql";
inline constexpr auto kStandingSql = db::Joined(kSessionAndSql, kColumnsOfMethod, R"sql(,
           u.status, c.status,
           EXISTS (SELECT 1 FROM company_links l
             WHERE l.company_id = $1 AND l.key_type = s.key_type
               AND l.principal_key = s.principal_key),
           s.origin_company_id, s.origin_key_type, s.origin_principal_key,
           (extract(epoch FROM coalesce(s.begun_at, s.created_at)) * 1000000)::bigint,
           s.first_company_id, s.first_session_id
    FROM sessions s
    JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
      AND m.principal_key = s.principal_key
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    JOIN companies c ON c.company_id = s.company_id
    WHERE s.company_id = $1 AND s.session_id = $2 AND s.created_at > m.sessions_since
    FOR SHARE OF c, u, m )sql");
// The time is read after the locks.
inline constexpr char kStandingReadSql[] = R"sql(
  )
  SELECT *, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM locked
)sql";

// Locks, though it changes nothing: an uncommitted change, whose revocation would be older than the
// token that is about to be signed, is waited for.
inline constexpr auto kFindSessionSql = db::Joined(kStandingSql.text, kStandingReadSql);
inline constexpr db::Statement kFindSession{"find_session", kFindSessionSql.text};

inline constexpr auto kLockSessionSql =
    db::Joined(kStandingSql.text, "FOR UPDATE OF s", kStandingReadSql);
inline constexpr db::Statement kLockSession{"lock_session", kLockSessionSql.text};

// Whether what a session was begun with in company $1 has not ended its sessions since $4. Reads
// what has been committed: a change that comes later ends what this lets through, too.
inline constexpr db::Statement kFindOrigin{"find_origin", R"sql(
  SELECT 1 FROM methods
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND sessions_since < $4
)sql"};

// The audit row in the same statement: refreshing is what auth does most.
inline constexpr db::Statement kRotateSession{"rotate_session", R"sql(
  WITH rotated AS (
    UPDATE sessions SET current_hash = $3, previous_hash = $4, good_hashes = $5, ended_hashes = $6,
      rotated_at = $7, peer = $10::text, user_agent = $11::text
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

// Session $2 of company $1, which ends in this transaction, goes on elsewhere: $3 user, $4 key
// type, $5 principal key, $6 and $7 the first one's place, $8 and $9 where it goes on, which stands
// in the row of the first one alone; $10 when it ends.
inline constexpr db::Statement kInsertMovedSession{"insert_moved_session", R"sql(
  INSERT INTO moved_sessions (company_id, session_id, user_id, key_type, principal_key,
    first_company_id, first_session_id, now_company_id, now_session_id, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

inline constexpr db::Statement kForwardFirstSession{"forward_first_session", R"sql(
  UPDATE moved_sessions SET now_company_id = $3, now_session_id = $4
  WHERE company_id = $1 AND session_id = $2
)sql"};

inline constexpr db::Statement kFindMovedSession{"find_moved_session", R"sql(
  SELECT user_id, key_type, principal_key, first_company_id, first_session_id, now_company_id,
         now_session_id
  FROM moved_sessions WHERE company_id = $1 AND session_id = $2
)sql"};

// The platform's own: expired is expired in every company.
inline constexpr db::Statement kForgetMoved{"forget_moved", R"sql(
  DELETE FROM moved_sessions WHERE expires_at <= $1
)sql"};

// Locks for the same reason as kFindSession. The fourth column is the status of the methods as in
// kFindUser: they are locked as well, since what is not would be seen as it was before the wait.
inline constexpr char kAccountAndSql[] = R"sql(
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
  ), judged AS MATERIALIZED (
    SELECT permissions, status, expires_at <= clock_timestamp() AS expired FROM own
  )
  SELECT a.user_status, a.company_status, coalesce((SELECT bit_or(permissions) FROM judged), 0),
         coalesce((SELECT min(CASE WHEN status = 1 AND expired THEN 2 ELSE status END)
                   FROM judged), 1),
)sql";
inline constexpr auto kFindSigningTargetSql = db::Joined(kAccountAndSql, kColumnsOfMethod, R"sql(,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM account a
  LEFT JOIN own m ON m.key_type = 'guest_access'
  LIMIT 1
)sql");
inline constexpr db::Statement kFindSigningTarget{"find_signing_target",
                                                  kFindSigningTargetSql.text};

// The platform's own: expired is expired in every company.
inline constexpr db::Statement kForgetSessions{"forget_sessions", R"sql(
  DELETE FROM sessions WHERE expires_at <= $1
)sql"};

// What changes have ended (kEndSessionsOfMethod). The platform's own: over is over in every
// company.
inline constexpr db::Statement kListEndings{"list_endings", R"sql(
  SELECT company_id, key_type, principal_key, (extract(epoch FROM ended_until) * 1000000)::bigint
  FROM ended_sessions LIMIT $1
)sql"};

// At most $5 of them.
inline constexpr db::Statement kForgetEndedSessions{"forget_ended_sessions", R"sql(
  DELETE FROM sessions WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT s.ctid FROM sessions s
    WHERE s.company_id = $1 AND s.key_type = $2 AND s.principal_key = $3
      AND s.created_at <= $4::timestamptz
    ORDER BY s.created_at LIMIT $5))
)sql"};

// The same of sessions that were begun with it and went on in other companies: what they are in, it
// does not say.
inline constexpr db::Statement kForgetMovedSessions{"forget_moved_sessions", R"sql(
  DELETE FROM sessions
  WHERE origin_company_id = $1 AND origin_key_type = $2 AND origin_principal_key = $3
    AND coalesce(begun_at, created_at) <= $4::timestamptz
)sql"};

// Unless it has ended more in the meantime.
inline constexpr db::Statement kForgetEnding{"forget_ending", R"sql(
  DELETE FROM ended_sessions
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
    AND ended_until = $4::timestamptz
)sql"};

// $1 company, $2 key types, $3 principal keys, $4 times. What is there already and as new stays:
// processes write what each has seen.
inline constexpr db::Statement kNoteUses{"note_uses", R"sql(
  INSERT INTO method_uses (company_id, key_type, principal_key, used_at)
  SELECT $1, n.key_type, n.principal_key, n.used_at
  FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS n (key_type, principal_key, used_at)
  ORDER BY n.key_type, n.principal_key
  ON CONFLICT (company_id, key_type, principal_key)
  DO UPDATE SET used_at = excluded.used_at WHERE method_uses.used_at < excluded.used_at
)sql"};

// The platform's own: old is old in every company.
inline constexpr db::Statement kForgetUses{"forget_uses", R"sql(
  DELETE FROM method_uses WHERE used_at < $1
)sql"};

inline constexpr const db::Statement* kAllOfSessions[] = {
    &kOpenSession,         &kLockMethodForOpening, &kCountSessions,       &kDeleteOldestSessions,
    &kFindSession,         &kLockSession,          &kFindOrigin,          &kRotateSession,
    &kEndSession,          &kInsertMovedSession,   &kForwardFirstSession, &kFindMovedSession,
    &kForgetMoved,         &kFindSigningTarget,    &kForgetSessions,      &kListEndings,
    &kForgetEndedSessions, &kForgetMovedSessions,  &kForgetEnding,        &kNoteUses,
    &kForgetUses};

}  // namespace usher::auth::sql
