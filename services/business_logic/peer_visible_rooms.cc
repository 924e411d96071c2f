#include "services/business_logic/peer_visible_rooms.h"

#include <roomService/roomService.grpc.pb.h>
#include <usher/internal/v1/room.grpc.pb.h>

#include <optional>
#include <string>
#include <utility>

#include "common/permission/permission_wire.h"
#include "common/status/try.h"

namespace usher::business_logic {
namespace {

void Insert(const std::string& id, std::set<RoomId>* rooms) {
  if (std::optional<std::string> checked = CanonicalUuid(id); checked.has_value()) {
    rooms->insert(RoomId(*std::move(checked)));
  }
}

}  // namespace

absl::StatusOr<std::set<RoomId>> PeerVisibleRooms::ToCaller(const CallContext& call,
                                                            const std::vector<RoomId>& rooms) {
  using RoomService = ::roomService::roomService;
  std::set<RoomId> visible;
  if (rooms.empty()) return visible;  // an empty filter would ask for all rooms
  ::roomService::RoomListRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.mutable_accessinfo()->set_returnobjectidsonly(true);
  request.set_limit(1000);
  for (const RoomId& room : rooms) request.add_filterroomids(room.value());
  ASSIGN_OR_RETURN(const auto reply, room_.Call<RoomService>(rpc::Effect::kReads, call,
                                                             &RoomService::Stub::List, request));
  for (const auto& [id, room] : reply.rooms()) Insert(id, &visible);
  return visible;
}

absl::StatusOr<std::set<RoomId>> PeerVisibleRooms::ToUser(const CallContext& call,
                                                          const KnownUser& user,
                                                          const std::vector<RoomId>& rooms) {
  using ::usher::internal::v1::RoomInternal;
  ::usher::internal::v1::FindVisibleRoomsRequest request;
  request.set_company_id(call.company.value());
  request.set_user_id(user.user.value());
  PermissionsToWire(user.usable, request.mutable_permissions());
  request.set_guest(user.guest);
  for (const RoomId& room : rooms) request.add_room_ids(room.value());
  ASSIGN_OR_RETURN(const ::usher::internal::v1::FindVisibleRoomsReply reply,
                   room_.Call<RoomInternal>(rpc::Effect::kReads, call,
                                            &RoomInternal::Stub::findVisibleRooms, request));
  std::set<RoomId> visible;
  for (const std::string& id : reply.room_ids()) Insert(id, &visible);
  return visible;
}

}  // namespace usher::business_logic
