// Every statement about methods, users, companies and revocations, in the order of the store's
// methods. Where a statement says what time it is, that is clock_timestamp(): the one clock by
// which tokens and revocations are dated (docs/adr/0018). Rows of methods begin with the same
// columns everywhere (MethodOf in pg_method_rows.cc).
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

// 1 is ACTIVATED, 2 DEACTIVATED, which an expired method is. The lowest status of the methods is
// that of the one which is nearest to being used.
inline constexpr db::Statement kFindUser{"find_user", R"sql(
  SELECT u.status, c.status, coalesce(bit_or(m.permissions), 0),
         coalesce(bit_or(m.permissions) FILTER (
           WHERE m.status = 1 AND (m.expires_at IS NULL OR m.expires_at > $3)), 0),
         coalesce(min(CASE WHEN m.status = 1 AND m.expires_at <= $3 THEN 2 ELSE m.status END), 1),
         coalesce(bool_and(m.key_type = 'guest_access'), false)
  FROM users u
  JOIN companies c ON c.company_id = u.company_id
  LEFT JOIN methods m ON m.company_id = u.company_id AND m.user_id = u.user_id
  WHERE u.company_id = $1 AND u.user_id = $2
  GROUP BY u.status, c.status
)sql"};

inline constexpr db::Statement kReplaceSecret{"replace_secret", R"sql(
  UPDATE methods SET secret = $5
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND secret = $4
)sql"};

inline constexpr db::Statement kListOfUser{"list_of_user", R"sql(
  SELECT company_id, key_type, principal, principal_key, user_id, permissions, status, metadata,
         room_id, email, display_name, shareable, redirect_uri,
         (extract(epoch FROM expires_at) * 1000000)::bigint,
         (extract(epoch FROM created_at) * 1000000)::bigint AS created
  FROM methods WHERE company_id = $1 AND user_id = $2
  UNION ALL
  (SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions, 1,
          '{}', NULL, '', display_name, false, '',
          (extract(epoch FROM expires_at) * 1000000)::bigint,
          (extract(epoch FROM created_at) * 1000000)::bigint
   FROM sessions WHERE company_id = $1 AND user_id = $2 AND expires_at > $3
   ORDER BY created_at DESC, session_id DESC LIMIT 1)
  ORDER BY created, key_type, principal_key
)sql"};

// $1 companies (empty: all), $2 only this user, $3 only what one can switch companies with, $4
// principal keys, $5 users, $6 states, $7 key types, $8 now, $9 limit, $10 offset, $11 sessions of
// a user, $12 bytes of a reply. Answers at least one row, whose first column counts the users that
// match on all pages. Unless sessions are named, the newest $11 of each user are shown. Weighs
// before it reads: the second column says whether the page fits; if not, none of it is read. A
// method takes 48 bytes besides its texts at least.
inline constexpr db::Statement kListMethods{"list_methods", R"sql(
  WITH found AS (
    SELECT company_id, key_type, principal, principal_key, user_id, permissions, status, metadata,
           metadata_size, room_id, email, display_name, shareable, redirect_uri, expires_at,
           created_at
    FROM methods
    WHERE (cardinality($1::text[]) = 0 OR company_id = ANY ($1::text[]))
      AND ($2::uuid IS NULL OR user_id = $2::uuid)
      AND (NOT $3::boolean
           OR (status = 1 AND key_type IN ('password', 'authorization_code', 'ldap')))
      AND (cardinality($4::text[]) = 0 OR principal_key = ANY ($4::text[]))
      AND (cardinality($5::uuid[]) = 0 OR user_id = ANY ($5::uuid[]))
      AND (cardinality($6::smallint[]) = 0 OR status = ANY ($6::smallint[]))
      AND (cardinality($7::text[]) = 0 OR key_type = ANY ($7::text[]))
    UNION ALL
    SELECT company_id, 'refresh_token', session_id::text, session_id::text, user_id, permissions,
           1, '{}', 0, NULL, '', display_name, false, '', expires_at, created_at
    FROM sessions
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
         f.user_id, f.permissions, f.status, f.metadata, f.room_id, f.email, f.display_name,
         f.shareable, f.redirect_uri, (extract(epoch FROM f.expires_at) * 1000000)::bigint,
         (extract(epoch FROM f.created_at) * 1000000)::bigint
  FROM (SELECT count(DISTINCT user_id) AS users FROM found) total
  CROSS JOIN weight
  LEFT JOIN LATERAL (SELECT * FROM shown WHERE weight.fits) f ON true
  ORDER BY f.user_id, f.created_at, f.company_id, f.key_type, f.principal_key
)sql"};

// Held until the end: a company is not switched off beside somebody who is being added to it.
inline constexpr db::Statement kShareCompany{"share_company", R"sql(
  SELECT status FROM companies WHERE company_id = $1 FOR SHARE
)sql"};

inline constexpr db::Statement kInsertUser{"insert_user", R"sql(
  INSERT INTO users (company_id, user_id) VALUES ($1, $2)
  ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
)sql"};

inline constexpr db::Statement kInsertMethod{"insert_method", R"sql(
  INSERT INTO methods (company_id, key_type, principal_key, principal, user_id, secret, permissions,
    status, metadata, room_id, email, display_name, shareable, redirect_uri, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT (company_id, key_type, principal_key) DO NOTHING RETURNING user_id
)sql"};

// Changes that could leave a company without administrator wait for each other here.
inline constexpr db::Statement kLockCompany{"lock_company", R"sql(
  SELECT status FROM companies WHERE company_id = $1 FOR NO KEY UPDATE
)sql"};

inline constexpr db::Statement kLockUser{"lock_user", R"sql(
  SELECT status FROM users WHERE company_id = $1 AND user_id = $2 FOR NO KEY UPDATE
)sql"};

// What the user holds, and whether a method of theirs is LOCKED (3).
inline constexpr db::Statement kFindHeld{"find_held", R"sql(
  SELECT coalesce(bit_or(permissions), 0), coalesce(bool_or(status = 3), false)
  FROM methods WHERE company_id = $1 AND user_id = $2
)sql"};

// 64 is GRANT_PERMISSIONS.
inline constexpr db::Statement kFindAdministrator{"find_administrator", R"sql(
  SELECT EXISTS (
    SELECT 1 FROM methods m
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    WHERE m.company_id = $1 AND m.permissions & 64 <> 0 AND m.status = 1 AND u.status = 1
      AND (m.expires_at IS NULL OR m.expires_at > now()))
)sql"};

// All sessions that the user's methods opened, those of guests of a shareable access included.
inline constexpr db::Statement kDeleteSessionsOfUser{"delete_sessions_of_user", R"sql(
  DELETE FROM sessions s USING methods m
  WHERE s.company_id = $1 AND m.company_id = $1 AND m.user_id = $2
    AND s.key_type = m.key_type AND s.principal_key = m.principal_key
  RETURNING s.session_id
)sql"};

// The sessions that the method has opened.
inline constexpr db::Statement kListSessionsOfMethod{"list_sessions_of_method", R"sql(
  SELECT session_id FROM sessions WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};

inline constexpr db::Statement kDeleteMethodsOfUser{"delete_methods_of_user", R"sql(
  DELETE FROM methods WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kUpdateUserStatus{"update_user_status", R"sql(
  UPDATE users SET status = $3 WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kLockMethod{"lock_method", R"sql(
  SELECT company_id, key_type, principal, principal_key, user_id, permissions, status, metadata,
         room_id, email, display_name, shareable, redirect_uri,
         (extract(epoch FROM expires_at) * 1000000)::bigint,
         (extract(epoch FROM created_at) * 1000000)::bigint
  FROM methods WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
  FOR NO KEY UPDATE
)sql"};

inline constexpr db::Statement kDeleteSessionsOfMethod{"delete_sessions_of_method", R"sql(
  DELETE FROM sessions WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
  RETURNING session_id
)sql"};

inline constexpr db::Statement kDeleteMethod{"delete_method", R"sql(
  DELETE FROM methods WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};

// $4 NULL: the secret stays.
inline constexpr db::Statement kUpdateMethod{"update_method", R"sql(
  UPDATE methods SET secret = coalesce($4::bytea, secret), permissions = $5, status = $6,
    metadata = $7, redirect_uri = $8, display_name = $9
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};

inline constexpr db::Statement kDeleteSession{"delete_session", R"sql(
  DELETE FROM sessions
  WHERE company_id = $1 AND session_id = $2 AND (user_id = $3 OR base_user_id = $3)
  RETURNING session_id
)sql"};

inline constexpr db::Statement kFindOwnMethod{"find_own_method", R"sql(
  SELECT 1 FROM methods
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3 AND user_id = $4
)sql"};

// 5 is DELETED. No row where there is no such company: nobody can be made in it either.
inline constexpr db::Statement kInsertTombstone{"insert_tombstone", R"sql(
  INSERT INTO users (company_id, user_id, status)
  SELECT company_id, $2::uuid, 5 FROM companies WHERE company_id = $1
  ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
)sql"};

inline constexpr db::Statement kInsertCompany{"insert_company", R"sql(
  INSERT INTO companies (company_id) VALUES ($1)
  ON CONFLICT (company_id) DO NOTHING RETURNING company_id
)sql"};

// The platform's own: every service follows the revocations of all companies.
inline constexpr db::Statement kListRevocations{"list_revocations", R"sql(
  SELECT sequence, kind, company_id, subject,
         (extract(epoch FROM issued_until) * 1000000)::bigint, reason
  FROM revocations WHERE sequence > $1 AND issued_until > $2
  ORDER BY sequence LIMIT 1000
)sql"};

inline constexpr db::Statement kForgetRevocations{"forget_revocations", R"sql(
  DELETE FROM revocations WHERE issued_until <= $1
)sql"};

// Any number will do, as long as nothing else takes the same.
inline constexpr db::Statement kLockFeed{"lock_feed", R"sql(
  SELECT pg_advisory_xact_lock(4715270331)
)sql"};

// A final ending reaches ten minutes ahead: over what is signed right now from a token that it
// ends, by a replica that has not heard of it. One that has heard of nothing for a minute changes
// nothing any more (kStaleFeed), and what it was doing then has ended long before.
inline constexpr db::Statement kInsertRevocations{"insert_revocations", R"sql(
  INSERT INTO revocations (company_id, kind, subject, issued_until, reason)
  SELECT $1, e.kind, e.subject,
         clock_timestamp() + CASE WHEN e.final THEN interval '10 minutes' ELSE interval '0' END,
         e.reason
  FROM unnest($2::smallint[], $3::text[], $4::smallint[], $5::boolean[])
    AS e (kind, subject, reason, final)
  RETURNING sequence, kind, company_id, subject,
            (extract(epoch FROM issued_until) * 1000000)::bigint, reason
)sql"};

inline constexpr const db::Statement* kAll[] = {&kFindMethod,
                                                &kFindUser,
                                                &kReplaceSecret,
                                                &kListOfUser,
                                                &kListMethods,
                                                &kShareCompany,
                                                &kInsertUser,
                                                &kInsertMethod,
                                                &kLockCompany,
                                                &kLockUser,
                                                &kFindHeld,
                                                &kFindAdministrator,
                                                &kDeleteSessionsOfUser,
                                                &kListSessionsOfMethod,
                                                &kDeleteMethodsOfUser,
                                                &kUpdateUserStatus,
                                                &kLockMethod,
                                                &kDeleteSessionsOfMethod,
                                                &kDeleteMethod,
                                                &kUpdateMethod,
                                                &kDeleteSession,
                                                &kFindOwnMethod,
                                                &kInsertTombstone,
                                                &kInsertCompany,
                                                &kListRevocations,
                                                &kForgetRevocations,
                                                &kLockFeed,
                                                &kInsertRevocations};

}  // namespace usher::auth::sql
