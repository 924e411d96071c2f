// Every statement about the links between methods of one person in different companies. Each asks
// one company, or some by name: what a link is worth is seen when both ends have been read.
#pragma once

#include "common/db/joined_sql.h"
#include "common/db/statement.h"
#include "services/auth/method/method_sql.h"

namespace usher::auth::sql {

// Where the method leads that session $2 of company $1, user $3, was opened with, and since when;
// $4 at most. None when somebody was handed that method since.
inline constexpr db::Statement kListLinks{"list_links", R"sql(
  SELECT l.to_company_id, l.to_key_type, l.to_principal_key,
         (extract(epoch FROM l.created_at) * 1000000)::bigint
  FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  JOIN company_links l ON l.company_id = s.company_id AND l.key_type = s.key_type
    AND l.principal_key = s.principal_key
  WHERE s.company_id = $1 AND s.session_id = $2 AND s.user_id = $3 AND m.user_id = $3
    AND l.user_id = $3 AND s.created_at > m.sessions_since AND m.handed_since <= l.created_at
  ORDER BY l.to_company_id LIMIT $4
)sql"};

// What stands there: the methods of user $2 in the companies $1, with the columns of kFindMethod
// and since when they have their secret.
inline constexpr auto kListLinkedSql = db::Joined("SELECT ", kColumnsOfMethod, R"sql(,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
         (extract(epoch FROM greatest(m.secret_since, m.created_at)) * 1000000)::bigint
  FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = ANY ($1::text[]) AND m.user_id = $2
  ORDER BY m.created_at, m.company_id, m.key_type, m.principal_key
)sql");
inline constexpr db::Statement kListLinked{"list_linked", kListLinkedSql.text};

// From a method of $1 (company, $2 key type, $3 principal key) to that of $4 company, $5 key type,
// $6 principal key, both of user $7.
inline constexpr db::Statement kInsertLink{"insert_link", R"sql(
  INSERT INTO company_links (company_id, key_type, principal_key, to_company_id, to_key_type,
    to_principal_key, user_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (company_id, key_type, principal_key, to_company_id, to_key_type, to_principal_key)
  DO UPDATE SET user_id = excluded.user_id, created_at = excluded.created_at
)sql"};

inline constexpr const db::Statement* kAllOfLinks[] = {&kListLinks, &kListLinked, &kInsertLink};

}  // namespace usher::auth::sql
