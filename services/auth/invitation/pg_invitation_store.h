// Invitations in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/invitation/invitation_store.h"

namespace usher::auth {

class PgInvitationStore final : public InvitationStore {
 public:
  explicit PgInvitationStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<MethodStanding>> Find(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::string& token) override;
  absl::Status Accept(const CallContext& call, const Acceptance& acceptance) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
