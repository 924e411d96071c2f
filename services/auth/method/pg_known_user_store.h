// Users and companies of auth in PostgreSQL.
#pragma once

#include <optional>
#include <vector>

#include "common/db/pool.h"
#include "services/auth/method/known_user_store.h"

namespace usher::auth {

class PgKnownUserStore final : public KnownUserStore {
 public:
  explicit PgKnownUserStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                       const CompanyId& company, const UserId& user,
                                                       absl::Time now) override;
  absl::Status EnsureUser(const CallContext& call, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) override;
  absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user) override;
  absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const DecideChange& decide) override;
  absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                     const std::vector<Method>& methods) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
