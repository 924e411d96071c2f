// Links between methods in PostgreSQL.
#pragma once

#include <vector>

#include "common/db/pool.h"
#include "services/auth/company_switch/link_store.h"
#include "services/auth/method/pg_open_links.h"

namespace usher::auth {

class PgLinkStore final : public LinkStore {
 public:
  explicit PgLinkStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<MethodStanding>> ReadOpen(const CallContext& call,
                                                       const CompanyId& company,
                                                       const SessionId& session,
                                                       const UserId& user) override {
    return ReadOpenLinks(call, pool_, company, session, user);
  }

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
