// Every statement about invitations, in the order of the store's methods.
#pragma once

#include "common/db/joined_sql.h"
#include "common/db/statement.h"
#include "services/auth/method/method_sql.h"

namespace usher::auth::sql {

// The columns of kFindMethod, and two more.
inline constexpr auto kFindInvitationSql = db::Joined("SELECT ", kColumnsOfMethod, R"sql(,
         m.secret, u.status, c.status, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
         m.invited_key_type, m.invited_principal
  FROM methods m
  JOIN users u ON u.company_id = m.company_id AND u.user_id = m.user_id
  JOIN companies c ON c.company_id = m.company_id
  WHERE m.company_id = $1 AND m.key_type = 'activation_token' AND m.principal_key = $2
)sql");
inline constexpr db::Statement kFindInvitation{"find_invitation", kFindInvitationSql.text};

// So that it is used once, also where many try at a time: whoever comes later finds it gone. $3 the
// secret that was verified. 1 is ACTIVATED.
inline constexpr db::Statement kLockInvitation{"lock_invitation", R"sql(
  SELECT 1 FROM methods
  WHERE company_id = $1 AND key_type = 'activation_token' AND principal_key = $2 AND secret = $3
    AND status = 1 AND (expires_at IS NULL OR expires_at > clock_timestamp())
  FOR UPDATE
)sql"};

inline constexpr const db::Statement* kAllOfInvitations[] = {&kFindInvitation, &kLockInvitation};

}  // namespace usher::auth::sql
