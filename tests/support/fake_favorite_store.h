// Favorites in memory.
#pragma once

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "services/business_logic/favorite_errors.h"
#include "services/business_logic/favorite_store.h"

namespace usher::business_logic {

// Not thread-safe. Held to favorite_store_contract.h, like the real one.
class FakeFavoriteStore final : public FavoriteStore {
 public:
  absl::StatusOr<std::vector<RoomId>> List(const CallContext&, const Owner& owner) override {
    return favorites_[{owner.company, owner.user}];
  }

  absl::Status Change(const CallContext&, const Owner& owner,
                      const FavoriteChange& change) override {
    std::vector<RoomId>& kept = favorites_[{owner.company, owner.user}];
    std::vector<RoomId> changed;
    for (const RoomId& room : kept) {
      if (!Has(change.remove, room)) changed.push_back(room);
    }
    for (const RoomId& room : change.add) {
      if (!Has(changed, room)) changed.push_back(room);
    }
    if (changed == kept) return absl::OkStatus();
    if (changed.size() > kMostFavorites) return TooManyFavorites();
    kept = std::move(changed);
    return absl::OkStatus();
  }

  absl::Status Forget(const CallContext&, const Owner& owner) override {
    favorites_.erase({owner.company, owner.user});
    return absl::OkStatus();
  }

 private:
  static bool Has(const std::vector<RoomId>& rooms, const RoomId& room) {
    return std::find(rooms.begin(), rooms.end(), room) != rooms.end();
  }

  std::map<std::pair<CompanyId, UserId>, std::vector<RoomId>> favorites_;
};

}  // namespace usher::business_logic
