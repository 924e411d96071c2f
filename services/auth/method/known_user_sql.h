// Every statement about users and companies as auth knows them, in the order of the store's
// methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

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

// Held until the end: a company is not switched off beside somebody who is being added to it.
inline constexpr db::Statement kShareCompany{"share_company", R"sql(
  SELECT status FROM companies WHERE company_id = $1 FOR SHARE
)sql"};

inline constexpr db::Statement kInsertUser{"insert_user", R"sql(
  INSERT INTO users (company_id, user_id) VALUES ($1, $2)
  ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
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

// Changes that could leave a company without administrator wait for each other here.
inline constexpr db::Statement kLockCompany{"lock_company", R"sql(
  SELECT status FROM companies WHERE company_id = $1 FOR NO KEY UPDATE
)sql"};

// With the time, by the clock that dates tokens.
inline constexpr db::Statement kLockUser{"lock_user", R"sql(
  SELECT status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM users WHERE company_id = $1 AND user_id = $2 FOR NO KEY UPDATE
)sql"};

// Whether somebody else than $2 is what IsAdministrator (user_change.h) says. 64 is
// GRANT_PERMISSIONS.
inline constexpr db::Statement kFindOtherAdministrator{"find_other_administrator", R"sql(
  SELECT EXISTS (
    SELECT 1 FROM methods m
    JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
    WHERE m.company_id = $1 AND m.user_id <> $2 AND m.permissions & 64 <> 0 AND m.status = 1
      AND u.status = 1 AND m.expires_at IS NULL
      AND m.key_type IN ('password', 'authorization_code', 'ldap', 'oauth2'))
)sql"};

inline constexpr db::Statement kUpdateUserStatus{"update_user_status", R"sql(
  UPDATE users SET status = $3 WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kInsertCompany{"insert_company", R"sql(
  INSERT INTO companies (company_id) VALUES ($1)
  ON CONFLICT (company_id) DO NOTHING RETURNING company_id
)sql"};

inline constexpr const db::Statement* kAllOfKnownUsers[] = {
    &kFindUser,         &kShareCompany, &kInsertUser, &kFindOwnMethod,
    &kInsertTombstone,  &kLockCompany,  &kLockUser,   &kFindOtherAdministrator,
    &kUpdateUserStatus, &kInsertCompany};

}  // namespace usher::auth::sql
