#include "services/room/room_internal_rpc.h"

#include <vector>

#include "common/permission/permission_wire.h"
#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/saga/failpoint.h"
#include "common/status/try.h"
#include "services/room/room_wire.h"

namespace usher::room {

using rpc::Lane;
namespace internal_wire = ::usher::internal::v1;

RoomInternalRpc::RoomInternalRpc(rpc::Gate& gate, Rooms& rooms, Chat& chat)
    : rooms_(rooms), chat_(chat) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.RoomInternal");
  bind.ServeInternal("findVisibleRooms", {"business-logic"},
                     {.name = "internal.findVisibleRooms", .lane = Lane::kList, .reads = true},
                     &RoomInternalRpc::FindVisibleRooms);
  // Slow: a user may have entries in thousands of rooms, a transaction for each hundred.
  bind.ServeInternal("forgetUser", {"user"},
                     {.name = "internal.forgetUserInRooms", .lane = Lane::kSlow},
                     &RoomInternalRpc::ForgetUser);
}

absl::Status RoomInternalRpc::FindVisibleRooms(
    const CallContext& call, const internal_wire::FindVisibleRoomsRequest& request,
    internal_wire::FindVisibleRoomsReply& reply) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  ASSIGN_OR_RETURN(const std::vector<RoomId> rooms,
                   RoomIdsFromWire("room_ids", request.room_ids()));
  const Viewer viewer =
      ViewerWith(company, user, PermissionsFromWire(request.permissions()), request.guest());
  ASSIGN_OR_RETURN(const std::vector<RoomId> visible, rooms_.FindVisible(call, viewer, rooms));
  for (const RoomId& room : visible) reply.add_room_ids(room.value());
  return absl::OkStatus();
}

absl::Status RoomInternalRpc::ForgetUser(const CallContext& call,
                                         const internal_wire::ForgetUserInRoomsRequest& request,
                                         internal_wire::ForgetUserInRoomsReply& /*reply*/) {
  ASSIGN_OR_RETURN(const CompanyId company, CompanyIdFromWire("company_id", request.company_id()));
  ASSIGN_OR_RETURN(const UserId user, UserIdFromWire("user_id", request.user_id()));
  RETURN_IF_ERROR(rooms_.ForgetUser(call, company, user));
  RETURN_IF_ERROR(chat_.ForgetUser(call, company, user));
  return saga::Failpoint("room.forgetUser", call);
}

}  // namespace usher::room
