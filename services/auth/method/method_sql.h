// Every statement about methods, in the order of the store's methods. Where a statement says what
// time it is, that is clock_timestamp(): the one clock by which tokens and revocations are dated
// (docs/adr/0018).
#pragma once

#include "common/db/joined_sql.h"
#include "common/db/statement.h"

namespace usher::auth::sql {

// Of methods, which are called m: the columns that MethodOf (pg_method_rows.h) reads.
inline constexpr char kColumnsOfMethod[] = R"sql(
         m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions, m.status,
         m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
         (extract(epoch FROM m.expires_at) * 1000000)::bigint AS expires,
         (extract(epoch FROM m.created_at) * 1000000)::bigint AS created)sql";

inline constexpr auto kFindMethodSql = db::Joined("SELECT ", kColumnsOfMethod, R"sql(,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3
)sql");
inline constexpr db::Statement kFindMethod{"find_method", kFindMethodSql.text};

inline constexpr db::Statement kReplaceSecret{"replace_secret", R"sql(
  UPDATE methods SET secret = $5
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND secret = $4
)sql"};

// Of live_sessions; 100 and the user agent are about what it takes. A session that went on when the
// others were ended was begun before it was dated anew (kKeepSession).
inline constexpr char kMetadataOfSessionSql[] = R"sql(
           jsonb_build_object(
             'firstUse', floor(extract(epoch FROM coalesce(begun_at, created_at)))::bigint::text,
             'lastUse', floor(extract(epoch FROM rotated_at))::bigint::text, 'peer', peer,
             'userAgent', user_agent))sql";

inline constexpr auto kListOfUserSql = db::Joined("SELECT ", kColumnsOfMethod, R"sql(
  FROM methods m WHERE m.company_id = $1 AND m.user_id = $2
  UNION ALL
  (SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions, 1,
          )sql",
                                                  kMetadataOfSessionSql, R"sql(,
          NULL, '', display_name, false, '',
          (extract(epoch FROM expires_at) * 1000000)::bigint,
          (extract(epoch FROM created_at) * 1000000)::bigint
   FROM live_sessions WHERE company_id = $1 AND user_id = $2 AND expires_at > $3
   ORDER BY created_at DESC, session_id DESC LIMIT 1)
  ORDER BY created, key_type, principal_key
)sql");
inline constexpr db::Statement kListOfUser{"list_of_user", kListOfUserSql.text};

// $1 companies (empty: all), $2 only this user, $3 only what one can switch companies with, $4
// principal keys, $5 users, $6 states, $7 key types, $8 now, $9 limit, $10 offset, $11 sessions of
// a user, $12 bytes of a reply; with $3: the company that one is in is $13, and what links lead to
// from there is $14 companies, $15 key types, $16 principal keys; resets that are pending, of
// kListResets: $17 companies, $18 principal keys, $19 until when. Answers at least one row, whose
// first column counts the users that match on all pages. Unless sessions are named, the newest $11
// of each user are shown. Weighs before it reads: the second column says whether the page fits; if
// not, none of it is read. A method takes 48 bytes besides its texts at least.
inline constexpr char kFoundMethodsSql[] = R"sql(
  WITH found AS (
    SELECT company_id, key_type, principal, principal_key, user_id, permissions, status, metadata,
           metadata_size, room_id, email, display_name, shareable, redirect_uri, expires_at,
           created_at
    FROM methods
    WHERE (cardinality($1::text[]) = 0 OR company_id = ANY ($1::text[]))
      AND ($2::uuid IS NULL OR user_id = $2::uuid)
      AND (NOT $3::boolean
           OR (status = 1 AND key_type IN ('password', 'authorization_code', 'ldap')
               AND (company_id = $13::text
                    OR (company_id, key_type, principal_key) IN (
                      SELECT * FROM unnest($14::text[], $15::text[], $16::text[])))))
      AND (cardinality($4::text[]) = 0 OR principal_key = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR user_id = ANY ($5::uuid[]))
      AND (cardinality($6::smallint[]) = 0 OR status = ANY ($6::smallint[]))
      AND (cardinality($7::text[]) = 0 OR key_type = ANY ($7::text[]))
    UNION ALL
    SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions,
           1, )sql";
inline constexpr char kWeighedPageSql[] = R"sql(,
           100 + octet_length(user_agent), NULL, '', display_name, false, '', expires_at, created_at
    FROM live_sessions
    WHERE 'refresh_token' = ANY ($7::text[]) AND NOT $3::boolean AND expires_at > $8
      AND (cardinality($1::text[]) = 0 OR company_id = ANY ($1::text[]))
      AND ($2::uuid IS NULL OR user_id = $2::uuid)
      AND (cardinality($4::text[]) = 0 OR session_id::text = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR user_id = ANY ($5::uuid[]))
      AND (cardinality($6::smallint[]) = 0 OR 1 = ANY ($6::smallint[]))
    UNION ALL
    SELECT m.company_id, 'password_reset', m.principal, m.principal_key, m.user_id, 0, 1,
           jsonb_build_object('expiry', floor(extract(epoch FROM r.expires_at))::bigint::text),
           40, NULL, '', '', false, '', r.expires_at, r.expires_at
    FROM unnest($17::text[], $18::text[], $19::timestamptz[])
      AS r (company_id, principal_key, expires_at)
    JOIN methods m ON m.company_id = r.company_id AND m.key_type = 'password'
      AND m.principal_key = r.principal_key
    WHERE 'password_reset' = ANY ($7::text[]) AND NOT $3::boolean
      AND ($2::uuid IS NULL OR m.user_id = $2::uuid)
      AND (cardinality($4::text[]) = 0 OR m.principal_key = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR m.user_id = ANY ($5::uuid[]))
      AND (cardinality($6::smallint[]) = 0 OR 1 = ANY ($6::smallint[]))
  ), page AS (
    SELECT user_id FROM found GROUP BY user_id ORDER BY user_id LIMIT $9 OFFSET $10
  ), shown AS (
    SELECT * FROM (
      SELECT f.*, row_number() OVER (PARTITION BY f.user_id, f.key_type
                                     ORDER BY f.created_at DESC, f.principal_key DESC) AS place
      FROM found f JOIN page USING (user_id)
    ) placed
    WHERE key_type <> 'refresh_token' OR place <= $11::bigint OR cardinality($4::text[]) > 0
  ), weight AS (
    SELECT coalesce(sum(48 + octet_length(key_type) + octet_length(principal)
                        + octet_length(company_id) + metadata_size), 0) <= $12::bigint AS fits
    FROM shown
  )
  SELECT total.users, weight.fits,)sql";
inline constexpr auto kListMethodsSql =
    db::Joined(kFoundMethodsSql, kMetadataOfSessionSql, kWeighedPageSql, kColumnsOfMethod, R"sql(
  FROM (SELECT count(DISTINCT user_id) AS users FROM found) total
  CROSS JOIN weight
  LEFT JOIN LATERAL (SELECT * FROM shown WHERE weight.fits) m ON true
  ORDER BY m.user_id, m.created_at, m.company_id, m.key_type, m.principal_key
)sql");
inline constexpr db::Statement kListMethods{"list_methods", kListMethodsSql.text};

// When methods were used last: of these companies ($1) and principal keys ($2). By itself, so that
// lists of methods weigh and sort nothing that they do not show.
inline constexpr db::Statement kListUses{"list_uses", R"sql(
  SELECT company_id, key_type, principal_key, (extract(epoch FROM used_at) * 1000000)::bigint
  FROM method_uses WHERE company_id = ANY ($1::text[]) AND principal_key = ANY ($2::text[])
)sql"};

// Password resets that are pending at $3 in companies $1, of user $2 or of anybody: the $4 that end
// last. By themselves, as they are kept beside the mails, and not where the methods are.
inline constexpr db::Statement kListResets{"list_resets", R"sql(
  SELECT company_id, principal_key, (extract(epoch FROM expires_at) * 1000000)::bigint
  FROM password_resets
  WHERE company_id = ANY ($1::text[]) AND user_id IS NOT NULL
    AND ($2::uuid IS NULL OR user_id = $2::uuid) AND expires_at > $3
  ORDER BY expires_at DESC LIMIT $4::bigint
)sql"};

// What a method has been given another secret for, or is gone: nothing is pending any more.
inline constexpr db::Statement kDropReset{"drop_reset", R"sql(
  DELETE FROM password_resets WHERE company_id = $1 AND principal_key = $2
)sql"};

inline constexpr db::Statement kInsertMethod{"insert_method", R"sql(
  INSERT INTO methods (company_id, key_type, principal_key, principal, user_id, secret, permissions,
    status, metadata, room_id, email, display_name, shareable, redirect_uri, expires_at,
    invited_key_type, invited_principal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  ON CONFLICT (company_id, key_type, principal_key) DO NOTHING RETURNING user_id
)sql"};

// All in one order, so that two changes do not wait for each other.
inline constexpr auto kLockMethodsOfUserSql =
    db::Joined("SELECT ", kColumnsOfMethod, R"sql(, m.secret
  FROM methods m WHERE m.company_id = $1 AND m.user_id = $2
  ORDER BY m.key_type, m.principal_key
  FOR NO KEY UPDATE
)sql");
inline constexpr db::Statement kLockMethodsOfUser{"lock_methods_of_user",
                                                  kLockMethodsOfUserSql.text};

inline constexpr db::Statement kFindMethodOfOther{"find_method_of_other", R"sql(
  SELECT 1 FROM methods
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND user_id <> $4
)sql"};

// The newest live ones that the method has opened, at most $4. As a bound of the index, so that
// what was ended before, and is not cleared away yet, is not walked through.
inline constexpr db::Statement kListSessionsOfMethod{"list_sessions_of_method", R"sql(
  SELECT s.session_id FROM sessions s
  WHERE s.company_id = $1 AND s.key_type = $2 AND s.principal_key = $3
    AND s.created_at > (SELECT m.sessions_since FROM methods m
      WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3)
    AND s.expires_at > clock_timestamp()
  ORDER BY s.created_at DESC LIMIT $4
)sql"};

// Of these the ones that can sign tokens for others: 32 is USER_ADMIN, 512 COMPANY_ADMIN.
inline constexpr db::Statement kListSigningSessionsOfMethod{"list_signing_sessions_of_method",
                                                            R"sql(
  SELECT s.session_id FROM sessions s
  WHERE s.company_id = $1 AND s.key_type = $2 AND s.principal_key = $3
    AND s.created_at > (SELECT m.sessions_since FROM methods m
      WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3)
    AND s.permissions & 544 <> 0 AND s.expires_at > clock_timestamp()
  ORDER BY s.created_at DESC LIMIT $4
)sql"};

// However many there are: their rows are deleted later (kForgetEndedSessions).
inline constexpr db::Statement kEndSessionsOfMethod{"end_sessions_of_method", R"sql(
  WITH dated AS MATERIALIZED (
    SELECT clock_timestamp() AS at
  ), ended AS (
    UPDATE methods SET sessions_since = dated.at FROM dated
    WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
    RETURNING company_id, key_type, principal_key, sessions_since
  )
  INSERT INTO ended_sessions (company_id, key_type, principal_key, ended_until)
  SELECT company_id, key_type, principal_key, sessions_since FROM ended
  ON CONFLICT (company_id, key_type, principal_key)
  DO UPDATE SET ended_until = excluded.ended_until
)sql"};

// Where sessions go on that the method has opened, and that moved to another company: the newest,
// at most $4. What ends the others ends these (session_sql.h, kFindOrigin).
inline constexpr db::Statement kListMovedSessionsOfMethod{"list_moved_sessions_of_method", R"sql(
  SELECT now_company_id, now_session_id FROM moved_sessions
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND now_session_id IS NOT NULL
    AND expires_at > clock_timestamp()
  ORDER BY expires_at DESC LIMIT $4::bigint
)sql"};

// A live session of user $3: until the end of the transaction nobody else changes it.
inline constexpr db::Statement kLockOwnSession{"lock_own_session", R"sql(
  SELECT 1 FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.company_id = $1 AND s.session_id = $2 AND s.user_id = $3
    AND s.created_at > m.sessions_since
  FOR UPDATE OF s
)sql"};

// Since when the sessions of its method are good.
inline constexpr db::Statement kFindSessionsSince{"find_sessions_since", R"sql(
  SELECT (extract(epoch FROM m.sessions_since) * 1000000)::bigint
  FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.company_id = $1 AND s.session_id = $2
)sql"};

// Dates it at $3, behind the ending of its method's sessions, which then is not about it. What it
// was begun with in another company is asked as of when it was begun.
inline constexpr db::Statement kKeepSession{"keep_session", R"sql(
  UPDATE sessions SET begun_at = coalesce(begun_at, created_at), created_at = $3
  WHERE company_id = $1 AND session_id = $2
)sql"};

inline constexpr db::Statement kDeleteMethod{"delete_method", R"sql(
  DELETE FROM methods WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};

inline constexpr db::Statement kUpdateMethod{"update_method", R"sql(
  UPDATE methods SET secret = $4, permissions = $5, status = $6, metadata = $7, redirect_uri = $8,
    display_name = $9, secret_since = coalesce($10::timestamptz, secret_since),
    handed_since = coalesce($11::timestamptz, handed_since)
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};

inline constexpr db::Statement kDeleteSessionsOfMethod{"delete_sessions_of_method", R"sql(
  DELETE FROM sessions WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
  RETURNING session_id
)sql"};

inline constexpr db::Statement kDeleteSession{"delete_session", R"sql(
  DELETE FROM sessions s USING methods m
  WHERE s.company_id = $1 AND s.session_id = $2 AND (s.user_id = $3 OR s.base_user_id = $3)
    AND m.company_id = $1 AND m.key_type = s.key_type AND m.principal_key = s.principal_key
    AND s.created_at > m.sessions_since
  RETURNING s.session_id
)sql"};

// All of a guest who came in through a shareable access: $2 is the guest, who is no user.
inline constexpr db::Statement kDeleteSessionsOfGuest{"delete_sessions_of_guest", R"sql(
  DELETE FROM sessions
  WHERE company_id = $1 AND user_id = $2 AND base_user_id IS NOT NULL
  RETURNING session_id
)sql"};

inline constexpr const db::Statement* kAllOfMethods[] = {&kFindMethod,
                                                         &kReplaceSecret,
                                                         &kListOfUser,
                                                         &kListMethods,
                                                         &kListUses,
                                                         &kListResets,
                                                         &kDropReset,
                                                         &kInsertMethod,
                                                         &kLockMethodsOfUser,
                                                         &kFindMethodOfOther,
                                                         &kListSessionsOfMethod,
                                                         &kListSigningSessionsOfMethod,
                                                         &kEndSessionsOfMethod,
                                                         &kListMovedSessionsOfMethod,
                                                         &kLockOwnSession,
                                                         &kFindSessionsSince,
                                                         &kKeepSession,
                                                         &kDeleteMethod,
                                                         &kUpdateMethod,
                                                         &kDeleteSessionsOfMethod,
                                                         &kDeleteSession,
                                                         &kDeleteSessionsOfGuest};

}  // namespace usher::auth::sql
