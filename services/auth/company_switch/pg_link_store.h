// Links between methods in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/company_switch/link_store.h"

namespace usher::auth {

class PgLinkStore final : public LinkStore {
 public:
  explicit PgLinkStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<MethodStanding>> FindOpen(const CallContext& call,
                                                         const CompanyId& company,
                                                         const SessionId& session,
                                                         const UserId& user,
                                                         const CompanyId& to) override;
  absl::StatusOr<std::vector<CompanyId>> ListOpen(const CallContext& call, const CompanyId& company,
                                                  const SessionId& session, const UserId& user,
                                                  size_t limit) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
