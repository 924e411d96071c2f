// Every statement about the audit that is read here, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $1 company, $2 from, $3 until, $4 actor, $5 subject, $6 kinds, $7 outcomes, $8 and $9 the row
// behind which the page begins, $10 limit. NULL, '' or an empty list: whatever it is.
inline constexpr db::Statement kListAuditOfCompany{"list_audit_of_company", R"sql(
  SELECT company_id, (extract(epoch FROM at) * 1000000)::bigint, sequence, user_id,
         audit_kind(object, detail), object, detail, outcome, rpc, request_id, peer
  FROM audit
  WHERE company_id = $1 AND at >= $2::timestamptz AND at < $3::timestamptz
    AND ($4::uuid IS NULL OR user_id = $4::uuid)
    AND ($5::text = '' OR right(object, length($5::text) + 1) = ' ' || $5::text)
    AND (cardinality($6::integer[]) = 0 OR audit_kind(object, detail) = ANY ($6::integer[]))
    AND (cardinality($7::integer[]) = 0 OR outcome = ANY ($7::integer[]))
    AND ($8::timestamptz IS NULL OR (at <= $8 AND (at, sequence) < ($8, $9::bigint)))
  ORDER BY at DESC, sequence DESC LIMIT $10::bigint
)sql"};

// The same of all companies: $1 from, and so on.
inline constexpr db::Statement kListAuditOfAll{"list_audit_of_all", R"sql(
  SELECT company_id, (extract(epoch FROM at) * 1000000)::bigint, sequence, user_id,
         audit_kind(object, detail), object, detail, outcome, rpc, request_id, peer
  FROM audit
  WHERE at >= $1::timestamptz AND at < $2::timestamptz
    AND ($3::uuid IS NULL OR user_id = $3::uuid)
    AND ($4::text = '' OR right(object, length($4::text) + 1) = ' ' || $4::text)
    AND (cardinality($5::integer[]) = 0 OR audit_kind(object, detail) = ANY ($5::integer[]))
    AND (cardinality($6::integer[]) = 0 OR outcome = ANY ($6::integer[]))
    AND ($7::timestamptz IS NULL OR (at <= $7 AND (at, sequence) < ($7, $8::bigint)))
  ORDER BY at DESC, sequence DESC LIMIT $9::bigint
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
