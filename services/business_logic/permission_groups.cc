#include "services/business_logic/permission_groups.h"

#include "common/status/try.h"

namespace usher::business_logic {

absl::StatusOr<std::vector<PermissionGroup>> PermissionGroups::List(const Caller& caller) {
  ASSIGN_OR_RETURN(std::vector<PermissionGroup> own, store_.List(caller.call(), caller.company()));
  return own.empty() ? DefaultPermissionGroups() : own;
}

}  // namespace usher::business_logic
