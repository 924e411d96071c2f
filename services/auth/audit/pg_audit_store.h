// AuditStore in PostgreSQL. Who changes something writes its row itself, in the same transaction
// (common/db/audit.h).
#pragma once

#include "common/db/pool.h"
#include "services/auth/audit/audit_store.h"

namespace usher::auth {

class PgAuditStore final : public AuditStore {
 public:
  explicit PgAuditStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<AuditEntry>> List(const CallContext& call,
                                               const AuditFilter& filter) override;
  absl::Status Insert(const CallContext& call, const std::vector<RefusalRow>& rows) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
