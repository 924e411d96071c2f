// ThrottleStore in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/throttle/throttle_store.h"

namespace usher::auth {

class PgThrottleStore final : public ThrottleStore {
 public:
  explicit PgThrottleStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<GuessState> Read(const CallContext& call, const GuessKeys& keys) override;
  absl::Status Change(const CallContext& call, const GuessKeys& keys,
                      const GuessRule& rule) override;
  absl::StatusOr<bool> Forget(const CallContext& call, uint64_t most) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
