#include "services/business_logic/business_logic_wire.h"

#include <map>
#include <utility>

#include "common/permission/permission_wire.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/business_logic/favorite_errors.h"
#include "services/business_logic/permission_group_errors.h"

namespace usher::business_logic {

absl::StatusOr<UserId> OwnerFromWire(const std::string& raw, const UserId& caller) {
  if (raw.empty()) return caller;
  return ParseUserId("userId", raw);
}

absl::StatusOr<FavoriteChange> FromWire(
    const ::businessLogicService::FavoritesUpdateRequest& request) {
  if (request.roomids().size() > kMostFavorites) return FieldTooLong("roomIds", kMostFavorites);
  std::map<RoomId, bool> wishes;
  for (const auto& [raw, wanted] : request.roomids()) {
    ASSIGN_OR_RETURN(RoomId id, ParseRoomId("roomIds", raw));
    const auto [at, is_new] = wishes.emplace(std::move(id), wanted);
    if (!is_new) return RoomNamedTwice(at->first);
  }
  FavoriteChange change;
  for (const auto& [room, wanted] : wishes) (wanted ? change.add : change.remove).push_back(room);
  return change;
}

// kMostFavorites IDs of 38 bytes.
static_assert(kMostFavorites * 38 < rpc::kLargestContent);

void ToWire(const std::vector<RoomId>& rooms, ::businessLogicService::FavoritesListReply* reply) {
  for (const RoomId& room : rooms) reply->add_roomids(room.value());
}

absl::Status ToWire(const std::vector<PermissionGroup>& groups,
                    ::businessLogicService::CompanyPermissionGroupsListReply* reply) {
  for (const PermissionGroup& group : groups) {
    ::businessLogicService::PermissionGroup& wire = (*reply->mutable_permissiongroups())[group.id];
    wire.set_name(group.name);
    wire.set_order(group.order);
    RoomRightsToWire(group.rights, wire.mutable_permissions());
  }
  return rpc::HoldToLargest(PermissionGroupsTooLarge(), reply);
}

}  // namespace usher::business_logic
