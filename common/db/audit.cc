#include "common/db/audit.h"

#include "common/status/try.h"

namespace usher::db {

const Statement kInsertAudit{"insert_audit", R"sql(
  INSERT INTO audit (company_id, user_id, rpc, object, detail, request_id, peer)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

absl::Status Audit(Transaction& tx, const CallContext& call, const CompanyId& company,
                   absl::string_view object, absl::string_view detail) {
  ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kInsertAudit, {company, call.user, call.rpc, object,
                                                              detail, call.request_id, call.peer}));
  return absl::OkStatus();
}

}  // namespace usher::db
