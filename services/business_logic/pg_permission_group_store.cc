#include "services/business_logic/pg_permission_group_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_sql.h"
#include "services/business_logic/permission_group_errors.h"

namespace usher::business_logic {
namespace {

// Under which the platform's groups stand; no company can be called so.
constexpr char kPlatform[] = "";

std::vector<db::Param> ListParams(const std::string& company) {
  return {company, static_cast<uint64_t>(rpc::kLargestContent)};
}

absl::StatusOr<std::vector<PermissionGroup>> GroupsOf(const db::Rows& rows) {
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

absl::StatusOr<std::vector<PermissionGroup>> ListIn(db::Transaction& tx,
                                                    const std::string& company) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kListPermissionGroups, ListParams(company)));
  return GroupsOf(rows);
}

absl::Status Write(db::Transaction& tx, const CompanyId& company,
                   const std::vector<PermissionGroup>& groups) {
  RETURN_IF_ERROR(tx.Execute(sql::kRemovePermissionGroups, {company}).status());
  if (groups.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  std::vector<std::string> names;
  std::vector<std::string> orders;
  std::vector<std::string> masks;
  for (const PermissionGroup& group : groups) {
    ids.push_back(group.id);
    names.push_back(group.name);
    orders.push_back(absl::StrCat(group.order));
    masks.push_back(absl::StrCat(group.rights.mask()));
  }
  return tx.ExecuteOnRow(sql::kWritePermissionGroups,
                         {company, db::Param::Array(ids), db::Param::Array(names),
                          db::Param::Array(orders), db::Param::Array(masks)});
}

}  // namespace

absl::StatusOr<std::vector<PermissionGroup>> PgPermissionGroupStore::List(
    const CallContext& call, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kListPermissionGroups,
                                                    ListParams(company.value())));
  return GroupsOf(rows);
}

absl::StatusOr<std::vector<PermissionGroup>> PgPermissionGroupStore::ListPlatforms(
    const CallContext& call) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListPermissionGroups, ListParams(kPlatform)));
  return GroupsOf(rows);
}

absl::Status PgPermissionGroupStore::Change(const CallContext& call, const CompanyId& company,
                                            const std::string& what, const DecideGroups& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute(sql::kLockPermissionGroups, {company}).status());
    ASSIGN_OR_RETURN(std::vector<PermissionGroup> own, ListIn(tx, company.value()));
    ASSIGN_OR_RETURN(std::vector<PermissionGroup> platforms, ListIn(tx, kPlatform));
    ASSIGN_OR_RETURN(const std::vector<PermissionGroup> groups,
                     decide(std::move(own), std::move(platforms)));
    RETURN_IF_ERROR(Write(tx, company, groups));
    return db::Audit(tx, call, company, "permission groups", what);
  });
}

}  // namespace usher::business_logic
