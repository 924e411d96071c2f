#include "services/business_logic/business_logic_rpc.h"

#include <vector>

#include "common/status/try.h"
#include "services/business_logic/business_logic_wire.h"

namespace usher::business_logic {

using ::businessLogicService::BusinessLogicService;
using rpc::Lane;

// The slow ones ask the room service.
BusinessLogicRpc::BusinessLogicRpc(rpc::Gate& gate, Favorites& favorites,
                                   PermissionGroups& groups) {
  using Async = BusinessLogicService::AsyncService;
  Expose(service_, BusinessLogicService::service_full_name());

  gate.Serve(*this, service_, {.name = "favorites.list", .lane = Lane::kSlow},
             &Async::RequestfavoritesList,
             [&favorites](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const UserId user, OwnerFromWire(request.userid(), caller.user()));
               ASSIGN_OR_RETURN(const std::vector<RoomId> rooms, favorites.List(caller, user));
               ToWire(rooms, &reply);
               return absl::OkStatus();
             });

  gate.Serve(*this, service_, {.name = "favorites.update", .lane = Lane::kSlow},
             &Async::RequestfavoritesUpdate,
             [&favorites](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const UserId user, OwnerFromWire(request.userid(), caller.user()));
               ASSIGN_OR_RETURN(const FavoriteChange change, FromWire(request));
               return favorites.Update(caller, user, change);
             });

  gate.Serve(*this, service_, {.name = "permissionGroups.list", .lane = Lane::kStatement},
             &Async::RequestpermissionGroupsList,
             [&groups](const Caller& caller, const auto&, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const std::vector<PermissionGroup> found, groups.List(caller));
               return ToWire(found, &reply);
             });
}

}  // namespace usher::business_logic
