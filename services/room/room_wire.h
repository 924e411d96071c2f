// Rooms as messages; room_list_wire.h has how they are answered.
#pragma once

#include <roomService/roomService.pb.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/id_wire.h"
#include "services/room/rooms.h"

namespace usher::room {

// MAX_SIZE_EXCEEDED for more than 1,000 IDs; ROOM_ID_INVALID.
absl::StatusOr<std::vector<RoomId>> RoomIdsFromWire(
    absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& raw);

// Empty means oneself. USER_ID_INVALID.
absl::StatusOr<UserId> UserFromWire(absl::string_view field, const std::string& raw);

// Of a sub-room that may be older than today's rules for new ones: as it was chosen, up to 128
// bytes. SubRoomIdInvalid.
absl::StatusOr<SubRoomId> OldSubRoomIdFromWire(const std::string& raw);

// REQUEST_EMPTY, PROTOCOL_ERROR, MAX_SIZE_EXCEEDED, ROOM_ID_INVALID, USER_ID_INVALID and
// SUBROOM_INVALID for what a room cannot have.
absl::StatusOr<RoomChange> FromWire(const ::roomService::RoomCreateRequest& request);
absl::StatusOr<RoomUpdate> FromWire(const ::roomService::RoomUpdateRequest& request);

// REQUEST_EMPTY without any, MAX_SIZE_EXCEEDED for more than 1,000, and for so many that their
// outcomes might not fit into one message. What is wrong with a single one
// stands in its place, under the first 128 bytes of what was written for its ID.
absl::StatusOr<std::vector<NamedUpdate>> FromWire(const ::roomService::RoomsUpdateRequest& request);

// RANGE_ERROR for a limit above 1,000, PROTOCOL_ERROR for a flag that is none, and as
// RoomIdsFromWire.
absl::StatusOr<ListWish> FromWire(const ::roomService::RoomListRequest& request);

// REQUEST_EMPTY without any, MAX_SIZE_EXCEEDED for more than 1,000; ROOM_ID_INVALID.
absl::StatusOr<std::vector<RoomMove>> FromWire(const ::roomService::RoomSortRequest& request);

// The bytes that a room takes at most in a reply, within these limits and TheLimits().
size_t LargestRoom(const RoomLimits& limits);
// REQUEST_EMPTY, ROOM_ID_INVALID. Whether its end has passed is for auth to say, whose clock dates
// tokens.
absl::StatusOr<JoinLinkWish> FromWire(const ::roomService::CreateJoinLinkRequest& request);

void ToWire(const SeenRoom& created, ::roomService::RoomCreateReply* reply);
// PARTIAL_ERROR if any failed. 1,000 outcomes of updates that came from FromWire always fit into
// one message.
absl::Status ToWire(const std::map<std::string, absl::Status>& outcomes,
                    const std::string& request_id, ::roomService::RoomsUpdateReply* reply);
// StatusTooLarge, and an empty reply, when one message cannot hold them.
absl::Status ToWire(const std::map<RoomId, std::vector<Occupant>>& occupants, bool by_sub_room,
                    ::roomService::RoomStatusReply* reply);

}  // namespace usher::room
