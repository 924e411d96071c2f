// What can be done with favorites: who may, which rules hold, what is kept.
#pragma once

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/permission/caller.h"
#include "services/business_logic/favorite_store.h"
#include "services/business_logic/visible_rooms.h"

namespace usher::business_logic {

// Thread-safe. Blocks: asks the room service.
class Favorites {
 public:
  Favorites(FavoriteStore& store, VisibleRooms& rooms) : store_(store), rooms_(rooms) {}

  // In the order in which they were added, without the rooms that the caller cannot see (any more).
  // INSUFFICIENT_PERMISSIONS.
  absl::StatusOr<std::vector<RoomId>> List(const Caller& caller, const UserId& user);

  // INSUFFICIENT_PERMISSIONS, REQUEST_EMPTY, FavoriteRoomNotFound, TooManyFavorites. Favorites that
  // the caller cannot see any more make room for new ones where the limit is reached.
  absl::Status Update(const Caller& caller, const UserId& user, const FavoriteChange& change);

 private:
  // The user's favorites, apart: those that the caller sees, and the others.
  struct Split {
    std::vector<RoomId> visible;
    std::vector<RoomId> hidden;
  };
  absl::StatusOr<Split> SplitByVisibility(const Caller& caller, const Owner& owner);

  FavoriteStore& store_;
  VisibleRooms& rooms_;
};

}  // namespace usher::business_logic
