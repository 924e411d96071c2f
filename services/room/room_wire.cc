#include "services/room/room_wire.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/permission/permission_wire.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/outcome.h"
#include "common/rpc/page_limit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/room_errors.h"
#include "services/room/room_list_wire.h"

namespace usher::room {
namespace {

constexpr size_t kLongestSubRoomId = 128;  // bytes
// Of what the answer to UpdateRooms repeats, in bytes. No text of ours is longer.
constexpr size_t kLongestName = 128;
constexpr size_t kLongestText = 512;
// One outcome: besides these the request ID (128 bytes), the code, tags and lengths.
constexpr size_t kLargestOutcome = kLongestName + kLongestText + 128 + 32;

absl::StatusOr<SubRoomId> Bounded(const absl::StatusOr<std::string>& id, const std::string& raw) {
  if (!id.ok() || id->size() > kLongestSubRoomId) return SubRoomIdInvalid(raw);
  return SubRoomId(*id);
}

// Clients choose these IDs: what could not be told apart or stored is kept out.
absl::StatusOr<SubRoomId> NewSubRoomIdFromWire(const std::string& raw) {
  return Bounded(text::Identifier("room.subRooms", raw), raw);
}

absl::StatusOr<std::optional<SubRoom>> FromWire(const ::common::SubRoom& wire) {
  if (wire.remove()) return std::nullopt;
  SubRoom sub_room;
  ASSIGN_OR_RETURN(sub_room.display_name,
                   text::Name("room.subRooms: displayName", wire.displayname()));
  sub_room.sort = wire.sort();
  return sub_room;
}

// An unknown role is refused: it would be an entry that gives nothing of what was meant.
absl::StatusOr<std::optional<RoomRights>> FromWire(absl::string_view field,
                                                   const ::common::Permissions& wire) {
  if (wire.remove()) return std::nullopt;
  if (!::common::Role_IsValid(wire.role())) {
    return FieldMalformed(absl::StrCat(field, ": role"), absl::StrCat("is none: ", wire.role()));
  }
  return RoomRightsFromWire(wire);
}

// 0 is "not given", and leaves nothing; other numbers must be members of the protocol's enum.
template <class Member>
absl::Status ReadMember(absl::string_view field, int number, bool valid,
                        std::optional<Member>* member) {
  if (!valid) return FieldMalformed(field, absl::StrCat("is none: ", number));
  if (number != 0) *member = static_cast<Member>(number);
  return absl::OkStatus();
}

absl::Status ReadMaps(const ::common::Room& wire, RoomChange* change) {
  ASSIGN_OR_RETURN(change->metadata, text::MetadataFromWire("room.metadata", wire.metadata()));
  for (const auto& [raw, permissions] : wire.permissions()) {
    ASSIGN_OR_RETURN(const UserId user, ParseUserId("a key of room.permissions", raw));
    // Two spellings of one ID: nobody could say which of them holds.
    ASSIGN_OR_RETURN(const std::optional<RoomRights> rights,
                     FromWire("room.permissions", permissions));
    if (!change->entries.emplace(user, rights).second) {
      return FieldMalformed("room.permissions", absl::StrCat("names a user twice: ", user.value()));
    }
  }
  for (const auto& [raw, sub_room] : wire.subrooms()) {
    ASSIGN_OR_RETURN(SubRoomId id,
                     sub_room.remove() ? OldSubRoomIdFromWire(raw) : NewSubRoomIdFromWire(raw));
    ASSIGN_OR_RETURN(std::optional<SubRoom> value, FromWire(sub_room));
    if (!change->sub_rooms.emplace(std::move(id), std::move(value)).second) {
      return FieldMalformed("room.subRooms", absl::StrCat("names a sub-room twice: ", Quoted(raw)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<RoomChange> FromWire(const ::common::Room& wire) {
  RoomChange change;
  if (!wire.parentid().empty()) {
    ASSIGN_OR_RETURN(change.parent, RoomIdFromWire("room.parentId", wire.parentid()));
  }
  ASSIGN_OR_RETURN(change.display_name, text::OptionalName("room.displayName", wire.displayname()));
  if (wire.has_quotas()) {
    change.active_participants = wire.quotas().activeparticipants();
    change.passive_participants = wire.quotas().passiveparticipants();
  }
  change.allow_spectators = wire.allowspectators();
  RETURN_IF_ERROR(
      ReadMember("room.mode", wire.mode(), ::common::RoomMode_IsValid(wire.mode()), &change.mode));
  RETURN_IF_ERROR(
      ReadMember("room.type", wire.type(), ::common::RoomType_IsValid(wire.type()), &change.type));
  if (wire.sort() != 0) change.sort = wire.sort();
  if (wire.has_defaultpermissions()) {
    ASSIGN_OR_RETURN(change.default_rights,
                     FromWire("room.defaultPermissions", wire.defaultpermissions()));
    change.remove_default_rights = !change.default_rights.has_value();
  }
  RETURN_IF_ERROR(ReadMaps(wire, &change));
  return change;
}

void ToWire(const Occupant& occupant, ::roomService::UserInfo* wire) {
  wire->set_online(IsOnline(occupant.state));
  wire->set_displayname(occupant.display_name);
  wire->set_isguest(occupant.person.guest);
  wire->set_state(static_cast<::common::UserState>(occupant.state));
  wire->set_isspectator(occupant.spectator);
}

}  // namespace

absl::StatusOr<SubRoomId> OldSubRoomIdFromWire(const std::string& raw) {
  return Bounded(text::Name("room.subRooms", raw), raw);
}

absl::StatusOr<std::vector<RoomId>> RoomIdsFromWire(
    absl::string_view field, const google::protobuf::RepeatedPtrField<std::string>& raw) {
  RETURN_IF_ERROR(text::CheckCount(field, raw.size()));
  std::vector<RoomId> ids;
  ids.reserve(raw.size());
  for (const std::string& text : raw) {
    ASSIGN_OR_RETURN(RoomId id, ParseRoomId(field, text));
    ids.push_back(std::move(id));
  }
  return ids;
}

absl::StatusOr<UserId> UserFromWire(absl::string_view field, const std::string& raw) {
  if (raw.empty()) return UserId();
  return ParseUserId(field, raw);
}

absl::StatusOr<RoomChange> FromWire(const ::roomService::RoomCreateRequest& request) {
  if (!request.has_room()) return FieldMissing("room");
  return FromWire(request.room());
}

absl::StatusOr<RoomUpdate> FromWire(const ::roomService::RoomUpdateRequest& request) {
  RoomUpdate update;
  ASSIGN_OR_RETURN(update.id, RoomIdFromWire("roomId", request.roomid()));
  if (!request.has_room() && !request.removedefaultpermissions()) return FieldMissing("room");
  ASSIGN_OR_RETURN(update.change, FromWire(request.room()));
  if (request.removedefaultpermissions()) update.change.remove_default_rights = true;
  return update;
}

absl::StatusOr<std::vector<NamedUpdate>> FromWire(
    const ::roomService::RoomsUpdateRequest& request) {
  if (request.roomstoupdate().empty()) return FieldMissing("roomsToUpdate");
  RETURN_IF_ERROR(text::CheckCount("roomsToUpdate", request.roomstoupdate_size()));
  // The answer must be one that can be sent, before the first room is changed.
  if (request.roomstoupdate_size() * kLargestOutcome > rpc::kLargestContent) {
    return rpc::ReplyTooLarge("send fewer updates in one call");
  }
  std::vector<NamedUpdate> updates;
  updates.reserve(request.roomstoupdate_size());
  for (const ::roomService::RoomUpdateRequest& one : request.roomstoupdate()) {
    std::optional<std::string> id = CanonicalUuid(one.roomid());
    if (!id) id = std::string(text::Beginning(one.roomid(), kLongestName));
    updates.push_back({*std::move(id), FromWire(one)});
  }
  return updates;
}

absl::StatusOr<ListWish> FromWire(const ::roomService::RoomListRequest& request) {
  ListWish wish;
  ASSIGN_OR_RETURN(wish.limit, PageLimitFromWire(request.limit()));
  wish.offset = request.offset();
  wish.ids_only = request.accessinfo().returnobjectidsonly();
  ASSIGN_OR_RETURN(wish.only, RoomIdsFromWire("filterRoomIds", request.filterroomids()));
  for (const int flag : request.skipflags()) {
    switch (flag) {
      case ::roomService::SKIP_OTHER_PERMISSIONS:
        wish.skip_others = true;
        break;
      case ::roomService::SKIP_METADATA:
        wish.skip_metadata = true;
        break;
      case ::roomService::SKIP_SUBROOMS:
        wish.skip_sub_rooms = true;
        break;
      case ::roomService::SKIP_UNJOINABLE:
        wish.skip_unjoinable = true;
        break;
      default:
        return FieldMalformed("skipFlags", absl::StrCat("has one that is none: ", flag));
    }
  }
  return wish;
}

absl::StatusOr<std::vector<RoomMove>> FromWire(const ::roomService::RoomSortRequest& request) {
  if (request.roommoves().empty()) return FieldMissing("roomMoves");
  RETURN_IF_ERROR(text::CheckCount("roomMoves", request.roommoves_size()));
  std::vector<RoomMove> moves;
  moves.reserve(request.roommoves_size());
  for (const ::roomService::RoomMoveInfo& wire : request.roommoves()) {
    RoomMove move;
    ASSIGN_OR_RETURN(move.room, RoomIdFromWire("roomMoves: roomId", wire.roomid()));
    if (!wire.parentid().empty()) {
      ASSIGN_OR_RETURN(move.parent, RoomIdFromWire("roomMoves: parentId", wire.parentid()));
    }
    if (!wire.moveafterroomid().empty()) {
      ASSIGN_OR_RETURN(move.after,
                       RoomIdFromWire("roomMoves: moveAfterRoomId", wire.moveafterroomid()));
    }
    moves.push_back(std::move(move));
  }
  return moves;
}

size_t LargestRoom(const RoomLimits& limits) {
  constexpr size_t kBytesOfCharacter = 4;  // at most, in UTF-8
  constexpr size_t kAround = 128;          // the ID beside it, tags and lengths
  constexpr size_t kAroundEntry = 16;      // of the metadata
  const text::Limits& text = text::TheLimits();
  const std::string id(NewUuid().size(), 'x');
  const std::string name(kBytesOfCharacter * text.longest_name, 'x');
  ::common::Room settings;
  settings.set_parentid(id);
  settings.set_displayname(name);
  settings.set_allowspectators(true);
  settings.mutable_quotas()->set_activeparticipants(UINT32_MAX);
  settings.mutable_quotas()->set_passiveparticipants(UINT32_MAX);
  settings.set_mode(::common::ROOM_MODE_SPECTATOR);
  settings.set_type(::common::ROOM_TYPE_ROOM);
  settings.set_sort(INT64_MIN);
  RoomRightsToWire(RoomRights::FromMask(UINT32_MAX), settings.mutable_defaultpermissions());
  *settings.mutable_mypermissions() = settings.defaultpermissions();
  ::common::Room entry;
  (*entry.mutable_permissions())[id] = settings.defaultpermissions();
  ::common::Room sub_room;
  ::common::SubRoom& inner = (*sub_room.mutable_subrooms())[std::string(kLongestSubRoomId, 'x')];
  inner.set_displayname(name);
  inner.set_sort(UINT32_MAX);
  inner.set_id(std::string(kLongestSubRoomId, 'x'));
  return kAround + settings.ByteSizeLong() + limits.entries * entry.ByteSizeLong() +
         limits.sub_rooms * sub_room.ByteSizeLong() + text.largest_metadata +
         text.most_metadata * kAroundEntry;
}

absl::StatusOr<JoinLinkWish> FromWire(const ::roomService::CreateJoinLinkRequest& request) {
  JoinLinkWish wish;
  ASSIGN_OR_RETURN(wish.room, RoomIdFromWire("roomId", request.roomid()));
  if (request.expiresat() != 0) wish.expires_at = absl::FromUnixSeconds(request.expiresat());
  return wish;
}

void ToWire(const SeenRoom& created, ::roomService::RoomCreateReply* reply) {
  reply->set_roomid(created.id.value());
  ToWire(ViewOf(created), reply->mutable_room());
}

absl::Status ToWire(const std::map<std::string, absl::Status>& outcomes,
                    const std::string& request_id, ::roomService::RoomsUpdateReply* reply) {
  size_t failed = 0;
  for (const auto& [name, status] : outcomes) {
    const rpc::Outcome outcome = rpc::OutcomeOf(status);
    ::common::ReplyInfo& info = (*reply->mutable_updatereplies())[name];
    info.set_requestid(request_id);
    info.set_statuscode(outcome.reply_code);
    info.set_statusmessage(std::string(text::Beginning(outcome.reply_text, kLongestText)));
    if (!status.ok()) ++failed;
  }
  if (failed == 0) return absl::OkStatus();
  return ReplyError(
      ::common::PARTIAL_ERROR,
      absl::StrCat(failed, " of ", outcomes.size(), " rooms were not updated; see updateReplies"));
}

absl::Status ToWire(const std::map<RoomId, std::vector<Occupant>>& occupants, bool by_sub_room,
                    ::roomService::RoomStatusReply* reply) {
  for (const auto& [room, users] : occupants) {
    ::roomService::RoomInfo& info = (*reply->mutable_rooms())[room.value()];
    for (const Occupant& user : users) {
      const std::string& id = user.person.user.value();
      ::roomService::UserInfo& told = (*info.mutable_users())[id];
      ToWire(user, &told);
      if (!by_sub_room) continue;
      (*(*info.mutable_subrooms())[user.sub_room.value()].mutable_users())[id] = told;
    }
  }
  return rpc::HoldToLargest(StatusTooLarge(), reply);
}

}  // namespace usher::room
