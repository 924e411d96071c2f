#include "services/business_logic/business_logic_rpc.h"

#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_wire.h"

namespace usher::business_logic {

using rpc::Lane;
namespace business_wire = ::businessLogicService;

// The slow ones ask the room service.
BusinessLogicRpc::BusinessLogicRpc(rpc::Gate& gate, Favorites& favorites, PermissionGroups& groups)
    : favorites_(favorites), groups_(groups) {
  rpc::Binding bind(gate, *this, "businessLogicService.BusinessLogicService");
  bind.Serve("favoritesList", {.name = "favorites.list", .lane = Lane::kSlow, .reads = true},
             &BusinessLogicRpc::ListFavorites);
  bind.Serve("favoritesUpdate", {.name = "favorites.update", .lane = Lane::kSlow},
             &BusinessLogicRpc::UpdateFavorites);
  bind.Serve("permissionGroupsList",
             {.name = "permissionGroups.list", .lane = Lane::kList, .guests = true, .reads = true},
             &BusinessLogicRpc::ListPermissionGroups);
}

absl::Status BusinessLogicRpc::ListFavorites(const Caller& caller,
                                             const business_wire::FavoritesListRequest& request,
                                             business_wire::FavoritesListReply& reply) {
  ASSIGN_OR_RETURN(const UserId user, OwnerFromWire(request.userid(), caller.user()));
  ASSIGN_OR_RETURN(const std::vector<RoomId> rooms, favorites_.List(caller, user));
  ToWire(rooms, &reply);
  return absl::OkStatus();
}

absl::Status BusinessLogicRpc::UpdateFavorites(const Caller& caller,
                                               const business_wire::FavoritesUpdateRequest& request,
                                               business_wire::FavoritesUpdateReply& /*reply*/) {
  ASSIGN_OR_RETURN(const UserId user, OwnerFromWire(request.userid(), caller.user()));
  ASSIGN_OR_RETURN(const FavoriteChange change, FromWire(request));
  return favorites_.Update(caller, user, change);
}

absl::Status BusinessLogicRpc::ListPermissionGroups(
    const Caller& caller, const business_wire::CompanyPermissionGroupsListRequest& /*request*/,
    business_wire::CompanyPermissionGroupsListReply& reply) {
  ASSIGN_OR_RETURN(const std::vector<PermissionGroup> found, groups_.List(caller));
  return ToWire(found, &reply);
}

}  // namespace usher::business_logic
