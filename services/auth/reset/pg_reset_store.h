// Password resets in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/reset/reset_store.h"

namespace usher::auth {

class PgResetStore final : public ResetStore {
 public:
  explicit PgResetStore(db::Pool& pool) : pool_(pool) {}

  absl::Status Replace(const CallContext& call, const ResetDraft& draft) override;
  absl::StatusOr<std::optional<PendingReset>> Find(const CallContext& call,
                                                   const CompanyId& company,
                                                   const std::string& principal_key) override;
  absl::StatusOr<Ended> Use(const CallContext& call, const UserChange& change,
                            const std::string& token_hash, const DecideChange& decide) override;
  absl::StatusOr<bool> Renew(const CallContext& call, const CompanyId& company, const MailId& mail,
                             absl::Duration good_for) override;
  absl::Status Forget(const CallContext& call, absl::Duration ago) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
