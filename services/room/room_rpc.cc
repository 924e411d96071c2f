#include "services/room/room_rpc.h"

#include <map>
#include <string>
#include <vector>

#include "common/permission/permission_wire.h"
#include "common/status/try.h"
#include "services/room/room_list_wire.h"
#include "services/room/room_wire.h"

namespace usher::room {

using rpc::Lane;
using token::TokenType;

RoomRpc::RoomRpc(rpc::Gate& gate, Rooms& rooms) {
  Expose(published_, ::roomService::roomService::service_full_name());
  BindChanges(gate, rooms, published_);
  BindQuestions(gate, rooms, published_);
  Expose(documented_, ::roomService::RoomService::service_full_name());
  BindChanges(gate, rooms, documented_);
  BindQuestions(gate, rooms, documented_);
}

template <class Async>
void RoomRpc::BindChanges(rpc::Gate& gate, Rooms& rooms, Async& service) {
  gate.Serve(*this, service, {.name = "room.create", .creates = true}, &Async::RequestCreate,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const RoomChange draft, FromWire(request));
               ASSIGN_OR_RETURN(const CreatedRoom created, rooms.Create(caller, draft));
               ToWire(created, &reply);
               return absl::OkStatus();
             });

  gate.Serve(*this, service, {.name = "room.update"}, &Async::RequestUpdate,
             [&rooms](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const RoomUpdate update, FromWire(request));
               return rooms.Update(caller, update);
             });

  // Slow: up to 1,000 transactions must not keep a store worker from everybody else.
  gate.Serve(*this, service, {.name = "room.updateRooms", .lane = Lane::kSlow},
             &Async::RequestUpdateRooms,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const std::vector<NamedUpdate> updates, FromWire(request));
               ASSIGN_OR_RETURN(const auto outcomes, rooms.UpdateSome(caller, updates));
               return ToWire(outcomes, caller.call().request_id, &reply);
             });

  gate.Serve(*this, service, {.name = "room.destroy"}, &Async::RequestDestroy,
             [&rooms](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const RoomId id, RoomIdFromWire("roomId", request.roomid()));
               return rooms.Destroy(caller, id);
             });
}

template <class Async>
void RoomRpc::BindQuestions(rpc::Gate& gate, Rooms& rooms, Async& service) {
  gate.Serve(*this, service,
             {.name = "room.list",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kJoin}},
             &Async::RequestList,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
               ASSIGN_OR_RETURN(const ListedRooms found, rooms.List(caller, wish));
               return ToWire(found, wish.ids_only, &reply);
             });

  gate.Serve(*this, service,
             {.name = "room.status",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kJoin}},
             &Async::RequestStatus,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const std::vector<RoomId> only,
                                RoomIdsFromWire("roomIds", request.roomids()));
               ASSIGN_OR_RETURN(const auto online, rooms.Status(caller, only));
               return ToWire(online, &reply);
             });

  gate.Serve(*this, service,
             {.name = "room.permissions",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kJoin}},
             &Async::RequestPermissions,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const RoomId id, RoomIdFromWire("roomId", request.roomid()));
               ASSIGN_OR_RETURN(const UserId user, UserFromWire("userId", request.userid()));
               ASSIGN_OR_RETURN(const RoomRights rights, rooms.Permissions(caller, id, user));
               RoomRightsToWire(rights, reply.mutable_permissions());
               return absl::OkStatus();
             });

  // Slow: auth signs the token in the link.
  gate.Serve(*this, service, {.name = "room.createJoinLink", .lane = Lane::kSlow},
             &Async::RequestCreateJoinLink,
             [&rooms](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const RoomId id, RoomIdFromWire("roomId", request.roomid()));
               ASSIGN_OR_RETURN(*reply.mutable_joinlink(), rooms.CreateJoinLink(caller, id));
               return absl::OkStatus();
             });
}

}  // namespace usher::room
