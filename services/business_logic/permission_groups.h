// What can be done with permission groups: look at them.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/business_logic/permission_group_store.h"

namespace usher::business_logic {

// Thread-safe.
class PermissionGroups {
 public:
  explicit PermissionGroups(PermissionGroupStore& store) : store_(store) {}

  // The groups of the caller's company, or the default ones where it has none, in their order. For
  // everybody, guests included.
  absl::StatusOr<std::vector<PermissionGroup>> List(const Caller& caller);

 private:
  PermissionGroupStore& store_;
};

}  // namespace usher::business_logic
