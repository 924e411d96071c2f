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

// What a company can have; what an operator has written into the table may be more.
inline constexpr size_t kMostPermissionGroups = 100;
inline constexpr size_t kLongestGroupId = 128;         // bytes
inline constexpr uint32_t kLargestOrder = 2147483647;  // the database's integer

}  // namespace usher::business_logic
