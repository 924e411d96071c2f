// Companies in PostgreSQL.
#pragma once

#include <vector>

#include "common/db/pool.h"
#include "services/company/company_store.h"

namespace usher::company {

class PgCompanyStore final : public CompanyStore {
 public:
  explicit PgCompanyStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<Company>> List(const CallContext& call,
                                            const CompanyPage& page) override;
  absl::StatusOr<bool> IsTaken(const CallContext& call, const CompanyId& id) override;
  absl::StatusOr<bool> Update(const CallContext& call, const CompanyId& id,
                              const DecideUpdate& decide) override;
  absl::StatusOr<bool> InsertActive(const CallContext& call, const Company& company) override;
  absl::StatusOr<bool> NameOwner(const CallContext& call, const CompanyId& id,
                                 const UserId& owner) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::company
