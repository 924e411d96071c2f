// Every statement about the links between methods in different companies, in the order of the
// store's methods. They begin at a session of $1: what they lead to is in other companies, and is
// what that session's user may know of.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

inline constexpr db::Statement kFindOpenLink{"find_open_link", R"sql(
  SELECT m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions, m.status,
         m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
         (extract(epoch FROM m.expires_at) * 1000000)::bigint,
         (extract(epoch FROM m.created_at) * 1000000)::bigint,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM live_sessions s
  JOIN open_links l ON l.company_id = s.company_id AND l.key_type = s.key_type
    AND l.principal_key = s.principal_key AND l.user_id = s.user_id
  JOIN methods m ON m.company_id = l.to_company_id AND m.key_type = l.to_key_type
    AND m.principal_key = l.to_principal_key
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE s.company_id = $1 AND s.session_id = $2 AND s.user_id = $3 AND l.to_company_id = $4
  ORDER BY m.status = 1 AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp()) DESC,
           m.created_at, m.key_type, m.principal_key
  LIMIT 1
)sql"};

// 1 is ACTIVATED, and an active company.
inline constexpr db::Statement kListOpenLinks{"list_open_links", R"sql(
  SELECT DISTINCT l.to_company_id
  FROM live_sessions s
  JOIN open_links l ON l.company_id = s.company_id AND l.key_type = s.key_type
    AND l.principal_key = s.principal_key AND l.user_id = s.user_id
  JOIN methods m ON m.company_id = l.to_company_id AND m.key_type = l.to_key_type
    AND m.principal_key = l.to_principal_key
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE s.company_id = $1 AND s.session_id = $2 AND s.user_id = $3
    AND m.status = 1 AND u.status = 1 AND c.status = 1
    AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp())
  ORDER BY l.to_company_id LIMIT $4
)sql"};

inline constexpr const db::Statement* kAllOfLinks[] = {&kFindOpenLink, &kListOpenLinks};

}  // namespace usher::auth::sql
