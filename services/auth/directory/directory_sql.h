// Every statement about accounts of directories, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

inline constexpr db::Statement kPinMethod{"pin_method", R"sql(
  UPDATE methods SET secret = $3
  WHERE company_id = $1 AND key_type = 'ldap' AND principal_key = $2
    AND (secret = ''::bytea OR secret = $3)
  RETURNING user_id
)sql"};

inline constexpr db::Statement kFindProfileMade{"find_profile_made", R"sql(
  SELECT profile_made FROM methods
  WHERE company_id = $1 AND key_type = 'ldap' AND principal_key = $2
)sql"};

inline constexpr db::Statement kNoteProfileMade{"note_profile_made", R"sql(
  UPDATE methods SET profile_made = true
  WHERE company_id = $1 AND key_type = 'ldap' AND principal_key = $2
)sql"};

// $2 microseconds since somebody has looked, $3 how many. 1 is ACTIVATED. Waits for nobody: whom
// somebody else is at, is somebody else's.
inline constexpr db::Statement kClaimDueMethods{"claim_due_methods", R"sql(
  WITH dated AS MATERIALIZED (
    SELECT clock_timestamp() AS at
  ), due AS MATERIALIZED (
    SELECT m.principal_key, dated.at FROM methods m CROSS JOIN dated
    WHERE m.company_id = $1 AND m.key_type = 'ldap' AND m.status = 1
      AND m.directory_checked_at <= dated.at - $2::bigint * interval '1 microsecond'
      AND EXISTS (
        SELECT 1 FROM sessions s
        WHERE s.company_id = $1 AND s.key_type = 'ldap' AND s.principal_key = m.principal_key
          AND s.created_at > m.sessions_since AND s.expires_at > dated.at)
    ORDER BY m.directory_checked_at, m.principal_key LIMIT $3
    FOR NO KEY UPDATE OF m SKIP LOCKED
  ), claimed AS (
    UPDATE methods m SET directory_checked_at = due.at
    FROM due
    WHERE m.company_id = $1 AND m.key_type = 'ldap' AND m.principal_key = due.principal_key
    RETURNING m.principal_key, m.principal, m.user_id, m.secret
  )
  SELECT principal_key, principal, user_id, secret FROM claimed
)sql"};

// $2 principal keys.
inline constexpr db::Statement kGiveBackMethods{"give_back_methods", R"sql(
  UPDATE methods SET directory_checked_at = '-infinity'
  WHERE company_id = $1 AND key_type = 'ldap' AND principal_key = ANY ($2::text[])
)sql"};

inline constexpr const db::Statement* kAllOfDirectories[] = {
    &kPinMethod, &kFindProfileMade, &kNoteProfileMade, &kClaimDueMethods, &kGiveBackMethods};

}  // namespace usher::auth::sql
