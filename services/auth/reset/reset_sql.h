// Every statement about password resets, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $7: how long it is good, in microseconds. $8: how many an hour may be asked for; beyond it all
// stays as it is but the count. The same row is written either way.
inline constexpr db::Statement kReplaceReset{"replace_reset", R"sql(
  INSERT INTO password_resets (company_id, principal_key, user_id, token_hash, secret_mark,
                               mail_id, expires_at, counted, counted_since)
  VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::bigint * interval '1 microsecond', 1,
          clock_timestamp())
  ON CONFLICT (company_id, principal_key) DO UPDATE
  SET user_id = CASE WHEN password_resets.counted < $8::bigint
        OR password_resets.counted_since < now() - interval '1 hour'
        THEN excluded.user_id ELSE password_resets.user_id END,
      token_hash = CASE WHEN password_resets.counted < $8::bigint
        OR password_resets.counted_since < now() - interval '1 hour'
        THEN excluded.token_hash ELSE password_resets.token_hash END,
      secret_mark = CASE WHEN password_resets.counted < $8::bigint
        OR password_resets.counted_since < now() - interval '1 hour'
        THEN excluded.secret_mark ELSE password_resets.secret_mark END,
      mail_id = CASE WHEN password_resets.counted < $8::bigint
        OR password_resets.counted_since < now() - interval '1 hour'
        THEN excluded.mail_id ELSE password_resets.mail_id END,
      expires_at = CASE WHEN password_resets.counted < $8::bigint
        OR password_resets.counted_since < now() - interval '1 hour'
        THEN excluded.expires_at ELSE password_resets.expires_at END,
      counted = CASE WHEN password_resets.counted_since < now() - interval '1 hour' THEN 1
        ELSE least(password_resets.counted, 1000000) + 1 END,
      counted_since = CASE WHEN password_resets.counted_since < now() - interval '1 hour'
        THEN clock_timestamp() ELSE password_resets.counted_since END
  RETURNING mail_id = $6
)sql"};

inline constexpr db::Statement kFindReset{"find_reset", R"sql(
  SELECT user_id, token_hash, secret_mark FROM password_resets
  WHERE company_id = $1 AND principal_key = $2 AND expires_at > clock_timestamp()
)sql"};

inline constexpr db::Statement kTakeReset{"take_reset", R"sql(
  DELETE FROM password_resets
  WHERE company_id = $1 AND principal_key = $2 AND user_id = $3 AND token_hash = $4
    AND expires_at > clock_timestamp()
)sql"};

inline constexpr db::Statement kDeleteResetsOfUser{"delete_resets_of_user", R"sql(
  DELETE FROM password_resets WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kRenewReset{"renew_reset", R"sql(
  UPDATE password_resets
  SET expires_at = clock_timestamp() + $3::bigint * interval '1 microsecond'
  WHERE company_id = $1 AND mail_id = $2
)sql"};

// Of all companies.
inline constexpr db::Statement kForgetResets{"forget_resets", R"sql(
  DELETE FROM password_resets WHERE ctid = ANY (ARRAY(
    SELECT r.ctid FROM password_resets r
    WHERE r.expires_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
      AND NOT EXISTS (SELECT 1 FROM mail_outbox o
                      WHERE o.company_id = r.company_id AND o.mail_id = r.mail_id AND o.state <> 0)
    LIMIT 1000 FOR UPDATE OF r SKIP LOCKED))
)sql"};

inline constexpr const db::Statement* kAllOfResets[] = {
    &kReplaceReset, &kFindReset, &kTakeReset, &kDeleteResetsOfUser, &kRenewReset, &kForgetResets};

}  // namespace usher::auth::sql
