// Favorite rooms: what a change of them is.
#pragma once

#include <cstddef>
#include <vector>

#include "common/base/id.h"

namespace usher::business_logic {

inline constexpr size_t kMostFavorites = 1000;

// Whose favorites.
struct Owner {
  CompanyId company;
  UserId user;
};

// No room is in both.
struct FavoriteChange {
  std::vector<RoomId> add;  // in this order; those that are there already stay where they are
  std::vector<RoomId> remove;

  bool empty() const { return add.empty() && remove.empty(); }
};

}  // namespace usher::business_logic
