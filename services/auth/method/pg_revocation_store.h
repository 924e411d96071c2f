// The feed in PostgreSQL.
#pragma once

#include <vector>

#include "common/db/pool.h"
#include "services/auth/method/revocation_store.h"

namespace usher::auth {

class PgRevocationStore final : public RevocationStore {
 public:
  explicit PgRevocationStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<token::Revocation>> ListRevocations(const CallContext& call,
                                                                 int64_t after,
                                                                 absl::Time horizon) override;
  absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
