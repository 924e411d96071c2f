#include "services/room/room_rpc.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/permission/permission_wire.h"
#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/room/room_list_wire.h"
#include "services/room/room_wire.h"

namespace usher::room {

using rpc::Lane;
using token::TokenType;
namespace room_wire = ::roomService;

RoomRpc::RoomRpc(rpc::Gate& gate, Rooms& rooms) : rooms_(rooms) {
  Bind(gate, "roomService.roomService");
  Bind(gate, "roomService.RoomService");
}

void RoomRpc::Bind(rpc::Gate& gate, const char* service) {
  // A room may have thousands of entries.
  constexpr size_t kRoom = 4 * 1024 * 1024;
  const std::set<TokenType> joining = {TokenType::kAccess, TokenType::kJoin};
  rpc::Binding bind(gate, *this, service);
  bind.Serve("Create",
             {.name = "room.create", .guests = true, .creates = true, .largest_request = kRoom},
             &RoomRpc::Create);
  bind.Serve("Update", {.name = "room.update", .guests = true, .largest_request = kRoom},
             &RoomRpc::Update);
  // Slow: up to 1,000 transactions must not keep a store worker from everybody else.
  bind.Serve(
      "UpdateRooms",
      {.name = "room.updateRooms", .lane = Lane::kSlow, .guests = true, .largest_request = kRoom},
      &RoomRpc::UpdateRooms);
  // Slow: a thousand moves, each with a few statements.
  bind.Serve("Sort", {.name = "room.sort", .lane = Lane::kSlow, .guests = true}, &RoomRpc::Sort);
  bind.Serve("Destroy", {.name = "room.destroy", .guests = true}, &RoomRpc::Destroy);
  bind.Serve(
      "List",
      {.name = "room.list", .lane = Lane::kList, .accepts = joining, .guests = true, .reads = true},
      &RoomRpc::List);
  bind.Serve("Status",
             {.name = "room.status",
              .lane = Lane::kStatement,
              .accepts = joining,
              .guests = true,
              .reads = true},
             &RoomRpc::Status);
  bind.Serve("Permissions",
             {.name = "room.permissions",
              .lane = Lane::kStatement,
              .accepts = joining,
              .guests = true,
              .reads = true},
             &RoomRpc::Permissions);
  // Slow: auth signs the token in the link.
  bind.Serve("CreateJoinLink", {.name = "room.createJoinLink", .lane = Lane::kSlow, .guests = true},
             &RoomRpc::CreateJoinLink);
}

absl::Status RoomRpc::Create(const Caller& caller, const room_wire::RoomCreateRequest& request,
                             room_wire::RoomCreateReply& reply) {
  ASSIGN_OR_RETURN(const RoomChange draft, FromWire(request));
  ASSIGN_OR_RETURN(const SeenRoom created, rooms_.Create(caller, draft));
  ToWire(created, &reply);
  return absl::OkStatus();
}

absl::Status RoomRpc::Update(const Caller& caller, const room_wire::RoomUpdateRequest& request,
                             room_wire::RoomUpdateReply& reply) {
  ASSIGN_OR_RETURN(const RoomUpdate update, FromWire(request));
  ASSIGN_OR_RETURN(const std::optional<SeenRoom> seen, rooms_.Update(caller, update));
  if (seen) ToWire(ViewOf(*seen), reply.mutable_room());
  return absl::OkStatus();
}

absl::Status RoomRpc::UpdateRooms(const Caller& caller,
                                  const room_wire::RoomsUpdateRequest& request,
                                  room_wire::RoomsUpdateReply& reply) {
  ASSIGN_OR_RETURN(const std::vector<NamedUpdate> updates, FromWire(request));
  ASSIGN_OR_RETURN(const auto outcomes, rooms_.UpdateSome(caller, updates));
  return ToWire(outcomes, caller.call().request_id, &reply);
}

absl::Status RoomRpc::Sort(const Caller& caller, const room_wire::RoomSortRequest& request,
                           room_wire::RoomSortReply& /*reply*/) {
  ASSIGN_OR_RETURN(const std::vector<RoomMove> moves, FromWire(request));
  return rooms_.Sort(caller, moves);
}

absl::Status RoomRpc::Destroy(const Caller& caller, const room_wire::RoomDestroyRequest& request,
                              room_wire::RoomDestroyReply& /*reply*/) {
  ASSIGN_OR_RETURN(const RoomId id, RoomIdFromWire("roomId", request.roomid()));
  return rooms_.Destroy(caller, id);
}

absl::Status RoomRpc::List(const Caller& caller, const room_wire::RoomListRequest& request,
                           room_wire::RoomListReply& reply) {
  ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const ListedRooms found, rooms_.List(caller, wish));
  return ToWire(found, wish.ids_only, &reply);
}

absl::Status RoomRpc::Status(const Caller& caller, const room_wire::RoomStatusRequest& request,
                             room_wire::RoomStatusReply& reply) {
  ASSIGN_OR_RETURN(const std::vector<RoomId> only, RoomIdsFromWire("roomIds", request.roomids()));
  ASSIGN_OR_RETURN(const auto occupants, rooms_.Status(caller, only));
  return ToWire(occupants, request.groupbysubroom(), &reply);
}

absl::Status RoomRpc::Permissions(const Caller& caller,
                                  const room_wire::RoomPermissionsRequest& request,
                                  room_wire::RoomPermissionsReply& reply) {
  ASSIGN_OR_RETURN(const RoomId id, RoomIdFromWire("roomId", request.roomid()));
  ASSIGN_OR_RETURN(const UserId user, UserFromWire("userId", request.userid()));
  ASSIGN_OR_RETURN(const RoomRights rights, rooms_.Permissions(caller, id, user));
  RoomRightsToWire(rights, reply.mutable_permissions());
  return absl::OkStatus();
}

absl::Status RoomRpc::CreateJoinLink(const Caller& caller,
                                     const room_wire::CreateJoinLinkRequest& request,
                                     room_wire::CreateJoinLinkReply& reply) {
  ASSIGN_OR_RETURN(const JoinLinkWish wish, FromWire(request));
  ASSIGN_OR_RETURN(*reply.mutable_joinlink(), rooms_.CreateJoinLink(caller, wish));
  return absl::OkStatus();
}

}  // namespace usher::room
