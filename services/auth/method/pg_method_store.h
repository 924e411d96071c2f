// Methods, users and companies of auth in PostgreSQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/pool.h"
#include "services/auth/method/method_store.h"

namespace usher::auth {

class PgMethodStore final : public MethodStore {
 public:
  explicit PgMethodStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<MethodStanding>> FindMethod(const CallContext& call,
                                                           const CompanyId& company,
                                                           const MethodKey& key) override;
  absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext& call,
                                                       const CompanyId& company, const UserId& user,
                                                       absl::Time now) override;
  absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                             const MethodKey& key, const std::string& before,
                             const std::string& sealed) override;
  absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call, const CompanyId& company,
                                                 const UserId& user, absl::Time now) override;
  absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) override;
  absl::StatusOr<UserId> InsertUserWithMethod(const CallContext& call,
                                              const Method& method) override;
  absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change) override;
  absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const SessionId& session) override;
  absl::Status EnsureUser(const CallContext& call, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) override;
  absl::StatusOr<bool> SettleUser(const CallContext& call, const CompanyId& company,
                                  const UserId& user) override;
  absl::StatusOr<Ended> RemoveUser(const CallContext& call, const CompanyId& company,
                                   const UserId& user, PermissionSet held) override;
  absl::StatusOr<bool> InsertCompany(const CallContext& call, const CompanyId& company,
                                     const std::vector<Method>& methods) override;
  absl::StatusOr<std::vector<token::Revocation>> ListRevocations(const CallContext& call,
                                                                 int64_t after,
                                                                 absl::Time horizon) override;
  absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
