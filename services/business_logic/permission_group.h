// A named set of room rights that clients offer together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/permission/permission.h"

namespace usher::business_logic {

struct PermissionGroup {
  std::string id;
  std::string name;  // for people
  uint32_t order = 0;
  RoomRights rights;

  friend bool operator==(const PermissionGroup&, const PermissionGroup&) = default;
};

// The groups of companies that have none of their own, in their order.
const std::vector<PermissionGroup>& DefaultPermissionGroups();

}  // namespace usher::business_logic
