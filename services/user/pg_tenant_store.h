// What a company begins and ends with, in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/user/tenant_store.h"

namespace usher::user {

class PgTenantStore final : public TenantStore {
 public:
  explicit PgTenantStore(db::Pool& pool) : pool_(pool) {}

  absl::Status EnsureFirst(const CallContext& call, const UserKey& key, const User& user) override;
  absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::user
