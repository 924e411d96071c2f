// The DirectoryStore in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/directory/directory_store.h"

namespace usher::auth {

class PgDirectoryStore final : public DirectoryStore {
 public:
  explicit PgDirectoryStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<bool> Pin(const CallContext& call, const CompanyId& company,
                           const MethodKey& method, const std::string& id) override;
  absl::StatusOr<bool> HasProfile(const CallContext& call, const CompanyId& company,
                                  const MethodKey& method) override;
  absl::Status NoteProfile(const CallContext& call, const CompanyId& company,
                           const MethodKey& method) override;
  absl::StatusOr<std::vector<Method>> ClaimDue(const CallContext& call, const CompanyId& company,
                                               absl::Duration period, size_t most) override;
  absl::Status GiveBack(const CallContext& call, const CompanyId& company,
                        const std::vector<Method>& methods) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
