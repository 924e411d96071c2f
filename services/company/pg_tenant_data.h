// What this service itself keeps of a company beside the company: audit rows and the like.
#pragma once

#include "common/db/company_clearing.h"
#include "common/db/pool.h"
#include "services/company/tenants.h"

namespace usher::company {

class PgTenantData final : public TenantData {
 public:
  explicit PgTenantData(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<bool> Clear(const CallContext& call, const CompanyId& company) override {
    return db::ClearCompany(call, pool_, company, {});
  }

 private:
  db::Pool& pool_;
};

}  // namespace usher::company
