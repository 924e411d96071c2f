// Favorites and permission groups as messages.
#pragma once

#include <businessLogicService/businessLogicService.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/business_logic/favorite.h"
#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

// Whose favorites a request is about: `caller` where it names nobody. USER_ID_INVALID.
absl::StatusOr<UserId> OwnerFromWire(const std::string& raw, const UserId& caller);

// MAX_SIZE_EXCEEDED for more than 1,000 IDs, ROOM_ID_INVALID, PROTOCOL_ERROR when a room is named
// twice (in two spellings). In the order of the IDs, as maps have none.
absl::StatusOr<FavoriteChange> FromWire(
    const ::businessLogicService::FavoritesUpdateRequest& request);

void ToWire(const std::vector<RoomId>& rooms, ::businessLogicService::FavoritesListReply* reply);
// PermissionGroupsTooLarge, and an empty reply, when one message cannot hold them.
absl::Status ToWire(const std::vector<PermissionGroup>& groups,
                    ::businessLogicService::CompanyPermissionGroupsListReply* reply);

}  // namespace usher::business_logic
