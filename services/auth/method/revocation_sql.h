// Every statement about the feed.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

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

inline constexpr const db::Statement* kAllOfRevocations[] = {&kListRevocations, &kForgetRevocations,
                                                             &kLockFeed, &kInsertRevocations};

}  // namespace usher::auth::sql
