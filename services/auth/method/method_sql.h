// Every statement about methods, in the order of the store's methods. Where a statement says what
// time it is, that is clock_timestamp(): the one clock by which tokens and revocations are dated
// (docs/adr/0018). Rows of methods begin with the same columns everywhere (MethodOf in
// pg_method_rows.cc).
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

inline constexpr db::Statement kFindMethod{"find_method", R"sql(
  SELECT m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions, m.status,
         m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
         (extract(epoch FROM m.expires_at) * 1000000)::bigint,
         (extract(epoch FROM m.created_at) * 1000000)::bigint,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = $1 AND m.key_type = $2 AND m.principal_key = $3
)sql"};

inline constexpr db::Statement kReplaceSecret{"replace_secret", R"sql(
  UPDATE methods SET secret = $5
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND secret = $4
)sql"};

inline constexpr db::Statement kListOfUser{"list_of_user", R"sql(
  SELECT m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions,
         m.status, m.metadata || coalesce((
           SELECT jsonb_build_object('lastUse', floor(extract(epoch FROM used_at))::bigint::text)
           FROM method_uses n WHERE n.company_id = m.company_id AND n.key_type = m.key_type
             AND n.principal_key = m.principal_key AND n.used_at >= m.created_at), '{}'),
         m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
         (extract(epoch FROM m.expires_at) * 1000000)::bigint,
         (extract(epoch FROM m.created_at) * 1000000)::bigint AS created, m.key_type AS type,
         m.principal_key AS name
  FROM methods m WHERE m.company_id = $1 AND m.user_id = $2
  UNION ALL
  (SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions, 1,
          jsonb_build_object('firstUse', floor(extract(epoch FROM created_at))::bigint::text,
            'lastUse', floor(extract(epoch FROM rotated_at))::bigint::text, 'peer', peer), NULL, '', display_name, false, '',
          (extract(epoch FROM expires_at) * 1000000)::bigint,
          (extract(epoch FROM created_at) * 1000000)::bigint, 'refresh_token', session_id::text
   FROM live_sessions WHERE company_id = $1 AND user_id = $2 AND expires_at > $3
   ORDER BY created_at DESC, session_id DESC LIMIT 1)
  ORDER BY created, type, name
)sql"};

// $1 companies (empty: all), $2 only this user, $3 only what one can switch companies with, $4
// principal keys, $5 users, $6 states, $7 key types, $8 now, $9 limit, $10 offset, $11 sessions of
// a user, $12 bytes of a reply; with $3: $13 company and $14 session that would go on. Answers at
// least one row, whose first column counts the users that match on all pages. Unless sessions are
// named, the newest $11 of each user are shown. Weighs before it reads: the second column says
// whether the page fits; if not, none of it is read. A method takes 48 bytes besides its texts at
// least.
inline constexpr db::Statement kListMethods{"list_methods", R"sql(
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
                      SELECT l.to_company_id, l.to_key_type, l.to_principal_key
                      FROM live_sessions s
                      JOIN open_links l ON l.company_id = s.company_id
                        AND l.key_type = s.key_type AND l.principal_key = s.principal_key
                      WHERE s.company_id = $13::text AND s.session_id = $14::uuid
                        AND s.user_id = $2::uuid AND l.user_id = $2::uuid))))
      AND (cardinality($4::text[]) = 0 OR principal_key = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR user_id = ANY ($5::uuid[]))
      AND (cardinality($6::smallint[]) = 0 OR status = ANY ($6::smallint[]))
      AND (cardinality($7::text[]) = 0 OR key_type = ANY ($7::text[]))
    UNION ALL
    SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions,
           1, jsonb_build_object('firstUse', floor(extract(epoch FROM created_at))::bigint::text,
             'lastUse', floor(extract(epoch FROM rotated_at))::bigint::text, 'peer', peer),
           80, NULL, '', display_name, false, '', expires_at, created_at
    FROM live_sessions
    WHERE 'refresh_token' = ANY ($7::text[]) AND NOT $3::boolean AND expires_at > $8
      AND (cardinality($1::text[]) = 0 OR company_id = ANY ($1::text[]))
      AND ($2::uuid IS NULL OR user_id = $2::uuid)
      AND (cardinality($4::text[]) = 0 OR session_id::text = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR user_id = ANY ($5::uuid[]))
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
  SELECT total.users, weight.fits, f.company_id, f.key_type, f.principal, f.principal_key,
         f.user_id, f.permissions, f.status, f.metadata || coalesce((
           SELECT jsonb_build_object('lastUse', floor(extract(epoch FROM used_at))::bigint::text)
           FROM method_uses n WHERE n.company_id = f.company_id AND n.key_type = f.key_type
             AND n.principal_key = f.principal_key AND n.used_at >= f.created_at), '{}'),
         f.room_id, f.email, f.display_name,
         f.shareable, f.redirect_uri, (extract(epoch FROM f.expires_at) * 1000000)::bigint,
         (extract(epoch FROM f.created_at) * 1000000)::bigint
  FROM (SELECT count(DISTINCT user_id) AS users FROM found) total
  CROSS JOIN weight
  LEFT JOIN LATERAL (SELECT * FROM shown WHERE weight.fits) f ON true
  ORDER BY f.user_id, f.created_at, f.company_id, f.key_type, f.principal_key
)sql"};

inline constexpr db::Statement kInsertMethod{"insert_method", R"sql(
  INSERT INTO methods (company_id, key_type, principal_key, principal, user_id, secret, permissions,
    status, metadata, room_id, email, display_name, shareable, redirect_uri, expires_at,
    invited_key_type, invited_principal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  ON CONFLICT (company_id, key_type, principal_key) DO NOTHING RETURNING user_id
)sql"};

// All in one order, so that two changes do not wait for each other.
inline constexpr db::Statement kLockMethodsOfUser{"lock_methods_of_user", R"sql(
  SELECT company_id, key_type, principal, principal_key, user_id, permissions, status, metadata,
         room_id, email, display_name, shareable, redirect_uri,
         (extract(epoch FROM expires_at) * 1000000)::bigint,
         (extract(epoch FROM created_at) * 1000000)::bigint, secret
  FROM methods WHERE company_id = $1 AND user_id = $2
  ORDER BY key_type, principal_key
  FOR NO KEY UPDATE
)sql"};

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
  WITH ended AS (
    UPDATE methods SET sessions_since = clock_timestamp()
    WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
    RETURNING company_id, key_type, principal_key, sessions_since
  )
  INSERT INTO ended_sessions (company_id, key_type, principal_key, ended_until)
  SELECT company_id, key_type, principal_key, sessions_since FROM ended
  ON CONFLICT (company_id, key_type, principal_key)
  DO UPDATE SET ended_until = excluded.ended_until
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

inline constexpr const db::Statement* kAllOfMethods[] = {&kFindMethod,
                                                         &kReplaceSecret,
                                                         &kListOfUser,
                                                         &kListMethods,
                                                         &kInsertMethod,
                                                         &kLockMethodsOfUser,
                                                         &kFindMethodOfOther,
                                                         &kListSessionsOfMethod,
                                                         &kListSigningSessionsOfMethod,
                                                         &kEndSessionsOfMethod,
                                                         &kDeleteMethod,
                                                         &kUpdateMethod,
                                                         &kDeleteSessionsOfMethod,
                                                         &kDeleteSession};

}  // namespace usher::auth::sql
