// Foundings and destructions in PostgreSQL.
#pragma once

#include <optional>

#include "common/db/pool.h"
#include "services/company/company_saga_store.h"

namespace usher::company {

class PgCompanySagaStore final : public CompanySagaStore {
 public:
  explicit PgCompanySagaStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<BegunFounding> BeginFounding(const CallContext& call, const Company& company,
                                              const UserId& owner, absl::Duration lease) override;
  absl::Status CompleteFounding(const CallContext& call, const CompanyId& company) override;
  absl::Status UndoFounding(const CallContext& call, const CompanyId& company) override;
  absl::StatusOr<BegunDestruction> BeginDestruction(const CallContext& call,
                                                    const CompanyId& company,
                                                    absl::Duration lease) override;
  absl::Status ConfirmDestruction(const CallContext& call, const CompanyId& company) override;
  absl::Status UndoDestruction(const CallContext& call, const CompanyId& company) override;
  absl::Status GoOnClearing(const CallContext& call, const CompanyId& company) override;
  absl::Status StartRest(const CallContext& call, const CompanyId& company,
                         absl::Duration rest) override;
  absl::Status CompleteDestruction(const CallContext& call, const CompanyId& company) override;
  absl::StatusOr<std::optional<Saga>> Claim(const CallContext& call, absl::Duration lease) override;

 private:
  // Moves a destruction on to `state`, to be claimed after `wait`.
  absl::Status MoveOn(const CallContext& call, const CompanyId& company, int state,
                      absl::Duration wait);

  db::Pool& pool_;
};

}  // namespace usher::company
