// What can be done with favorites: who may, which rules hold, what is kept.
#pragma once

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/business_logic/favorite_store.h"
#include "services/business_logic/known_users.h"
#include "services/business_logic/visible_rooms.h"

namespace usher::business_logic {

// Thread-safe. Blocks: asks the room service, and for others than the caller auth.
class Favorites {
 public:
  Favorites(FavoriteStore& store, VisibleRooms& rooms, KnownUsers& users)
      : store_(store), rooms_(rooms), users_(users) {}

  // In the order in which they were added, without the rooms that the caller cannot see (any more).
  // INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::StatusOr<std::vector<RoomId>> List(const Caller& caller, const UserId& user);

  // INSUFFICIENT_PERMISSIONS, NOT_FOUND, REQUEST_EMPTY, FavoriteRoomNotFound, TooManyFavorites.
  // Favorites that the caller cannot see any more make room for new ones where the limit is
  // reached.
  absl::Status Update(const Caller& caller, const UserId& user, const FavoriteChange& change);

 private:
  absl::Status RequireMayUse(const Caller& caller, const UserId& user);
  // The user's favorites, apart: those that the caller sees, and the others.
  struct Split {
    std::vector<RoomId> visible;
    std::vector<RoomId> hidden;
  };
  absl::StatusOr<Split> SplitByVisibility(const Caller& caller, const Owner& owner);

  FavoriteStore& store_;
  VisibleRooms& rooms_;
  KnownUsers& users_;
};

}  // namespace usher::business_logic
