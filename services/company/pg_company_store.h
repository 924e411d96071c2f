// Companies in PostgreSQL.
#pragma once

#include <optional>
#include <vector>

#include "common/db/pool.h"
#include "services/company/company_store.h"

namespace usher::company {

class PgCompanyStore final : public CompanyStore {
 public:
  explicit PgCompanyStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<Company>> List(const CallContext& call,
                                            const CompanyPage& page) override;
  absl::StatusOr<std::optional<Company>> Find(const CallContext& call,
                                              const CompanyId& id) override;
  absl::StatusOr<bool> IsTaken(const CallContext& call, const CompanyId& id) override;
  absl::StatusOr<std::optional<Company>> Update(const CallContext& call, const CompanyId& id,
                                                const CompanyChange& change) override;
  absl::StatusOr<bool> InsertActive(const CallContext& call, const Company& company) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::company
