// Methods in PostgreSQL.
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
  absl::Status ReplaceSecret(const CallContext& call, const CompanyId& company,
                             const MethodKey& key, const std::string& before,
                             const std::string& sealed) override;
  absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext& call, const CompanyId& company,
                                                 const UserId& user, absl::Time now) override;
  absl::StatusOr<MethodPage> List(const CallContext& call, const MethodFilter& filter) override;
  absl::StatusOr<std::optional<UserId>> FindMade(const CallContext& call) override;
  absl::StatusOr<UserId> InsertUserWithMethod(
      const CallContext& call, const Method& method,
      const std::optional<MailDraft>& mail = std::nullopt) override;
  absl::StatusOr<Ended> ChangeUser(const CallContext& call, const UserChange& change,
                                   const DecideChange& decide) override;
  absl::StatusOr<Ended> EndSession(const CallContext& call, const CompanyId& company,
                                   const UserId& user, const SessionId& session) override;
  absl::StatusOr<Ended> EndGuest(const CallContext& call, const CompanyId& company,
                                 const UserId& guest) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
