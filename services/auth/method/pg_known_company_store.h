// Companies as auth knows them, in PostgreSQL.
#pragma once

#include <vector>

#include "common/db/pool.h"
#include "services/auth/method/known_company_store.h"

namespace usher::auth {

class PgKnownCompanyStore final : public KnownCompanyStore {
 public:
  explicit PgKnownCompanyStore(db::Pool& pool) : pool_(pool) {}

  absl::Status EnsureCompany(const CallContext& call, const Method& first) override;
  absl::StatusOr<bool> SettleCompany(const CallContext& call, const CompanyId& company,
                                     const UserId& user) override;
  absl::StatusOr<std::vector<token::Revocation>> DestroyCompany(const CallContext& call,
                                                                const CompanyId& company,
                                                                absl::Duration rest) override;
  absl::StatusOr<bool> IsDestroyed(const CallContext& call, const CompanyId& company) override;
  absl::StatusOr<bool> ClearCompany(const CallContext& call, const CompanyId& company) override;
  absl::Status ForgetGivenUp(const CallContext& call, absl::Time horizon) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
