// Permission groups in PostgreSQL.
#pragma once

#include <string>
#include <vector>

#include "common/db/pool.h"
#include "services/business_logic/permission_group_store.h"

namespace usher::business_logic {

class PgPermissionGroupStore final : public PermissionGroupStore {
 public:
  explicit PgPermissionGroupStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<PermissionGroup>> List(const CallContext& call,
                                                    const CompanyId& company) override;
  absl::StatusOr<std::vector<PermissionGroup>> ListPlatforms(const CallContext& call) override;
  absl::Status Change(const CallContext& call, const CompanyId& company, const std::string& what,
                      const DecideGroups& decide) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::business_logic
