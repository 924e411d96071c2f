// What can be done with favorites: who may, which rules hold, what is kept.
#pragma once

#include <optional>
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

  // In the order in which they were added, without the rooms that the user cannot see (any more).
  // INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::StatusOr<std::vector<RoomId>> List(const Caller& caller, const UserId& user);

  // INSUFFICIENT_PERMISSIONS, NOT_FOUND, REQUEST_EMPTY, FavoriteRoomNotFound, TooManyFavorites.
  // Favorites that the user cannot see any more make room for new ones where the limit is reached.
  absl::Status Update(const Caller& caller, const UserId& user, const FavoriteChange& change);

  // Deletes the favorites of a user who is gone.
  absl::Status ForgetUser(const CallContext& call, const Owner& owner);

 private:
  // Through whose eyes rooms are looked at: nothing for the caller's own.
  using Eyes = std::optional<KnownUser>;
  absl::StatusOr<Eyes> RequireMayUse(const Caller& caller, const UserId& user);
  absl::StatusOr<std::set<RoomId>> Visible(const Caller& caller, const Eyes& eyes,
                                           const std::vector<RoomId>& rooms);
  // The user's favorites, apart: those that the user sees, and the others.
  struct Split {
    std::vector<RoomId> visible;
    std::vector<RoomId> hidden;
  };
  absl::StatusOr<Split> SplitByVisibility(const Caller& caller, const Eyes& eyes,
                                          const Owner& owner);

  FavoriteStore& store_;
  VisibleRooms& rooms_;
  KnownUsers& users_;
};

}  // namespace usher::business_logic
