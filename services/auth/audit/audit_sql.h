// Every statement about the audit that is read here, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $1 company, $2 from, $3 and $4 the place behind which the page begins (at, sequence), $5 actor,
// $6 subject, $7 kinds, $8 outcomes, $9 limit. NULL, '' or an empty list: whatever it is.
//
// An ordered scan that ends with its page, with any plan (common/db/statement.h). No index has the
// sequence, so the rows that are sorted by it are those of the page and what has the time of its
// last one. One comparison for where it begins, and what is asked for in a CASE, of which
// PostgreSQL expects every second row: as conditions of their own they left none to be expected,
// and all rows of the company were sorted.
inline constexpr db::Statement kListAuditOfCompany{"list_audit_of_company", R"sql(
  SELECT company_id, (extract(epoch FROM at) * 1000000)::bigint, sequence, user_id,
         audit_kind(object, detail), object, detail, outcome, rpc, request_id, peer
  FROM (
    SELECT * FROM audit a
    WHERE a.company_id = $1 AND a.at >= $2::timestamptz
      AND (a.at, a.sequence) < ($3::timestamptz, $4::bigint)
      AND CASE WHEN ($5::uuid IS NULL OR a.user_id = $5::uuid)
                 AND ($6::text = '' OR right(a.object, length($6::text) + 1) = ' ' || $6::text)
                 AND (cardinality($7::integer[]) = 0
                      OR audit_kind(a.object, a.detail) = ANY ($7::integer[]))
                 AND (cardinality($8::integer[]) = 0 OR a.outcome = ANY ($8::integer[]))
          THEN true ELSE false END
    ORDER BY a.at DESC FETCH FIRST (SELECT $9::bigint) ROWS WITH TIES
  ) page
  ORDER BY at DESC, sequence DESC LIMIT $9::bigint
)sql"};

// The same of all companies: $1 from, and so on. Here PostgreSQL always expects enough rows to end
// early; and what goes to all shards has a number for its limit (docs/scale-out.md).
inline constexpr db::Statement kListAuditOfAll{"list_audit_of_all", R"sql(
  SELECT company_id, (extract(epoch FROM at) * 1000000)::bigint, sequence, user_id,
         audit_kind(object, detail), object, detail, outcome, rpc, request_id, peer
  FROM audit
  WHERE at >= $1::timestamptz AND (at, sequence) < ($2::timestamptz, $3::bigint)
    AND CASE WHEN ($4::uuid IS NULL OR user_id = $4::uuid)
               AND ($5::text = '' OR right(object, length($5::text) + 1) = ' ' || $5::text)
               AND (cardinality($6::integer[]) = 0
                    OR audit_kind(object, detail) = ANY ($6::integer[]))
               AND (cardinality($7::integer[]) = 0 OR outcome = ANY ($7::integer[]))
        THEN true ELSE false END
  ORDER BY at DESC, sequence DESC LIMIT $8::bigint
)sql"};

// A list of each column, and of how often it was.
inline constexpr db::Statement kInsertRefusals{"insert_refusals", R"sql(
  INSERT INTO audit (company_id, user_id, rpc, object, detail, outcome, request_id, peer)
  SELECT $1, nullif(r.user_id, '')::uuid, r.rpc, r.object,
         r.detail || CASE WHEN r.times > 1 THEN ', ' || r.times::text || ' times' ELSE '' END,
         r.outcome, r.request_id, r.peer
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[],
              $7::text[], $8::text[], $9::bigint[])
    AS r (user_id, rpc, object, detail, outcome, request_id, peer, times)
)sql"};

inline constexpr const db::Statement* kAllOfAudit[] = {&kListAuditOfCompany, &kListAuditOfAll,
                                                       &kInsertRefusals};

}  // namespace usher::auth::sql
