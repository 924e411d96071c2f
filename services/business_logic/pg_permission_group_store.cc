#include "services/business_logic/pg_permission_group_store.h"

#include <utility>

#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_sql.h"

namespace usher::business_logic {

absl::StatusOr<std::vector<PermissionGroup>> PgPermissionGroupStore::List(
    const CallContext& call, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListPermissionGroups, {company}));
  std::vector<PermissionGroup> groups;
  groups.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    PermissionGroup group;
    group.id = rows[i].Text(0);
    group.name = rows[i].Text(1);
    group.order = static_cast<uint32_t>(rows[i].Int(2));
    group.rights = RoomRights::FromMask(static_cast<uint32_t>(rows[i].Int(3)));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace usher::business_logic
