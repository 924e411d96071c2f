// What can be done with permission groups: look at them, have own ones.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/business_logic/permission_group_store.h"

namespace usher::business_logic {

// Thread-safe.
class PermissionGroups {
 public:
  explicit PermissionGroups(PermissionGroupStore& store) : store_(store) {}

  // The groups of the caller's company, or the platform's where it has none, in their order. For
  // everybody, guests included.
  absl::StatusOr<std::vector<PermissionGroup>> List(const Caller& caller);

  // Adds a group to those of the caller's company, or replaces the one with this ID. Takes
  // GRANT_PERMISSIONS. A company that has none of its own begins with copies of the platform's.
  // QUOTA_EXCEEDED.
  absl::Status Put(const Caller& caller, const PermissionGroup& group);

  // Removes one, likewise. NOT_FOUND where there is none with this ID. Whoever removes the last one
  // is shown the platform's again.
  absl::Status Remove(const Caller& caller, const std::string& id);

 private:
  PermissionGroupStore& store_;
};

}  // namespace usher::business_logic
