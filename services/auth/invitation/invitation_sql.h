// Every statement about invitations, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// The columns of kFindMethod, and two more.
inline constexpr db::Statement kFindInvitation{"find_invitation", R"sql(
  SELECT m.company_id, m.key_type, m.principal, m.principal_key, m.user_id, m.permissions, m.status,
         m.metadata, m.room_id, m.email, m.display_name, m.shareable, m.redirect_uri,
         (extract(epoch FROM m.expires_at) * 1000000)::bigint,
         (extract(epoch FROM m.created_at) * 1000000)::bigint,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
         m.invited_key_type, m.invited_principal
  FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = $1 AND m.key_type = 'activation_token' AND m.principal_key = $2
)sql"};

// Once, also where many try at a time. $3 the secret that was verified.
inline constexpr db::Statement kUseInvitation{"use_invitation", R"sql(
  DELETE FROM methods
  WHERE company_id = $1 AND key_type = 'activation_token' AND principal_key = $2 AND secret = $3
    AND status = 1 AND (expires_at IS NULL OR expires_at > clock_timestamp())
  RETURNING user_id
)sql"};

// From the method that a session of $1 was opened with, and back with $6. $2 session, $3 user, $4
// company, $5 key type and $6 principal key of the method that was made, $7 whether also back.
// Answers nothing when the session is not that user's own, or is over.
inline constexpr db::Statement kInsertLinks{"insert_links", R"sql(
  WITH own AS (
    SELECT s.company_id, s.key_type, s.principal_key FROM live_sessions s
    WHERE s.company_id = $1 AND s.session_id = $2 AND s.user_id = $3
      AND s.base_user_id IS NULL AND s.expires_at > clock_timestamp()
  ), linked AS (
    INSERT INTO company_links (company_id, key_type, principal_key, to_company_id, to_key_type,
      to_principal_key, user_id)
    SELECT company_id, key_type, principal_key, $4::text, $5::text, $6::text, $3::uuid FROM own
    WHERE key_type IN ('password', 'authorization_code')
    UNION ALL
    SELECT $4::text, $5::text, $6::text, company_id, key_type, principal_key, $3::uuid FROM own
    WHERE key_type IN ('password', 'authorization_code') AND $7::boolean
    ON CONFLICT ON CONSTRAINT company_links_pk
    DO UPDATE SET user_id = excluded.user_id, created_at = clock_timestamp()
  )
  SELECT key_type FROM own
)sql"};

inline constexpr const db::Statement* kAllOfInvitations[] = {&kFindInvitation, &kUseInvitation,
                                                             &kInsertLinks};

}  // namespace usher::auth::sql
