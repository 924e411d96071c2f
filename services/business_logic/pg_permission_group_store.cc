#include "services/business_logic/pg_permission_group_store.h"

#include <utility>

#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_sql.h"
#include "services/business_logic/permission_group_errors.h"

namespace usher::business_logic {

absl::StatusOr<std::vector<PermissionGroup>> PgPermissionGroupStore::List(
    const CallContext& call, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListPermissionGroups,
                               {company, static_cast<uint64_t>(rpc::kLargestContent)}));
  if (!rows[0].Bool(0)) return PermissionGroupsTooLarge();
  std::vector<PermissionGroup> groups;
  groups.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].IsNull(1)) break;  // the one row that there always is, where there are no groups
    PermissionGroup group;
    group.id = rows[i].Text(1);
    group.name = rows[i].Text(2);
    group.order = static_cast<uint32_t>(rows[i].Int(3));
    group.rights = RoomRights::FromMask(static_cast<uint32_t>(rows[i].Int(4)));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace usher::business_logic
