#include "services/business_logic/permission_groups.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/status/try.h"
#include "services/business_logic/permission_group_errors.h"

namespace usher::business_logic {
namespace {

using Groups = std::vector<PermissionGroup>;

// What a change begins with: nothing is to disappear that nobody has removed.
Groups Present(Groups own, Groups platforms) {
  return own.empty() ? std::move(platforms) : std::move(own);
}

Groups::iterator Find(Groups& groups, const std::string& id) {
  return std::find_if(groups.begin(), groups.end(),
                      [&id](const PermissionGroup& group) { return group.id == id; });
}

}  // namespace

absl::StatusOr<std::vector<PermissionGroup>> PermissionGroups::List(const Caller& caller) {
  ASSIGN_OR_RETURN(Groups own, store_.List(caller.call(), caller.company()));
  if (!own.empty()) return own;
  return store_.ListPlatforms(caller.call());
}

absl::Status PermissionGroups::Put(const Caller& caller, const PermissionGroup& group) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kGrantPermissions));
  const DecideGroups decide = [&](Groups own, Groups platforms) -> absl::StatusOr<Groups> {
    Groups groups = Present(std::move(own), std::move(platforms));
    const auto found = Find(groups, group.id);
    if (found != groups.end()) {
      *found = group;
      return groups;
    }
    if (groups.size() >= kMostPermissionGroups) return TooManyPermissionGroups();
    groups.push_back(group);
    return groups;
  };
  return store_.Change(caller.call(), caller.company(), absl::StrCat("put ", group.id), decide);
}

absl::Status PermissionGroups::Remove(const Caller& caller, const std::string& id) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kGrantPermissions));
  const DecideGroups decide = [&](Groups own, Groups platforms) -> absl::StatusOr<Groups> {
    Groups groups = Present(std::move(own), std::move(platforms));
    const auto found = Find(groups, id);
    if (found == groups.end()) return PermissionGroupNotFound();
    groups.erase(found);
    return groups;
  };
  return store_.Change(caller.call(), caller.company(), absl::StrCat("removed ", id), decide);
}

}  // namespace usher::business_logic
