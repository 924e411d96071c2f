#include "services/room/engine/engine_wire.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "common/permission/permission_wire.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/room/engine/engine_errors.h"
#include "services/room/room_errors.h"
#include "services/room/room_wire.h"

namespace usher::room {
namespace {

namespace engine_wire = ::usher::engine::v1;

constexpr size_t kLongestEngineId = 128;  // bytes

absl::StatusOr<Person> PersonFromWire(const engine_wire::Person& raw) {
  Person person;
  ASSIGN_OR_RETURN(person.user, UserIdFromWire("person.user_id", raw.user_id()));
  person.subject = person.user;
  if (!raw.base_permissions_id().empty()) {
    ASSIGN_OR_RETURN(person.subject,
                     ParseUserId("person.base_permissions_id", raw.base_permissions_id()));
  }
  person.guest = raw.guest();
  person.room_admin = raw.room_admin();
  return person;
}

absl::StatusOr<Occupant> OccupantFromWire(const engine_wire::Occupant& raw) {
  Occupant occupant;
  ASSIGN_OR_RETURN(occupant.person, PersonFromWire(raw.person()));
  ASSIGN_OR_RETURN(occupant.display_name,
                   text::OptionalName("occupant.display_name", raw.display_name()));
  // As clients have chosen them: also one that the room does not have (any more).
  if (!raw.sub_room_id().empty()) {
    ASSIGN_OR_RETURN(occupant.sub_room, OldSubRoomIdFromWire(raw.sub_room_id()));
  }
  occupant.spectator = raw.spectator();
  if (!::common::UserState_IsValid(raw.state())) {
    return FieldMalformed("occupant.state", "is none that there is");
  }
  occupant.state = static_cast<OccupantState>(raw.state());
  return occupant;
}

absl::StatusOr<RoomReport> RoomReportFromWire(const engine_wire::RoomReport& raw) {
  RoomReport report;
  ASSIGN_OR_RETURN(report.room, RoomIdFromWire("rooms.room_id", raw.room_id()));
  if (raw.occupants_size() > kMostOccupantsOfRoom) {
    return FieldTooLong("rooms.occupants (of one room)", kMostOccupantsOfRoom);
  }
  absl::flat_hash_set<UserId> seen;
  report.occupants.reserve(raw.occupants_size());
  for (const engine_wire::Occupant& one : raw.occupants()) {
    ASSIGN_OR_RETURN(Occupant occupant, OccupantFromWire(one));
    if (!seen.insert(occupant.person.user).second) {
      return NamedTwice("rooms.occupants", occupant.person.user.value());
    }
    report.occupants.push_back(std::move(occupant));
  }
  return report;
}

absl::Status CheckDifferent(const Report& report) {
  absl::flat_hash_set<RoomId> seen;
  for (const RoomReport& room : report.rooms) {
    if (!seen.insert(room.room).second) return NamedTwice("rooms", room.room.value());
  }
  for (const RoomId& room : report.closed) {
    if (!seen.insert(room).second) return NamedTwice("closed_room_ids", room.value());
  }
  return absl::OkStatus();
}

void ToWire(const Expelled& expelled, Reason reason, engine_wire::PutOut* put_out) {
  put_out->set_room_id(expelled.room.value());
  put_out->set_user_id(expelled.user.value());
  put_out->set_reason(static_cast<engine_wire::Reason>(reason));
}

}  // namespace

absl::StatusOr<EngineId> EngineIdFromWire(const std::string& raw) {
  if (raw.empty()) return FieldMissing("engine_id");
  const bool visible = std::all_of(raw.begin(), raw.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (raw.size() > kLongestEngineId || !visible) return EngineIdInvalid();
  return EngineId(raw);
}

absl::StatusOr<Report> FromWire(const engine_wire::ReportRequest& request) {
  Report report;
  ASSIGN_OR_RETURN(report.engine, EngineIdFromWire(request.engine_id()));
  RETURN_IF_ERROR(text::CheckCount("rooms", request.rooms_size()));
  int occupants = 0;
  for (const engine_wire::RoomReport& room : request.rooms()) occupants += room.occupants_size();
  if (occupants > kMostOccupantsOfReport) {
    return FieldTooLong("rooms.occupants (of all rooms)", kMostOccupantsOfReport);
  }
  for (const engine_wire::RoomReport& raw : request.rooms()) {
    ASSIGN_OR_RETURN(RoomReport room, RoomReportFromWire(raw));
    report.rooms.push_back(std::move(room));
  }
  ASSIGN_OR_RETURN(report.closed, RoomIdsFromWire("closed_room_ids", request.closed_room_ids()));
  report.all_rooms = request.all_rooms();
  RETURN_IF_ERROR(CheckDifferent(report));
  return report;
}

absl::StatusOr<RightsQuestion> FromWire(const engine_wire::FindRightsRequest& request) {
  RightsQuestion question;
  if (!request.engine_id().empty()) {
    ASSIGN_OR_RETURN(question.engine, EngineIdFromWire(request.engine_id()));
  }
  RETURN_IF_ERROR(text::CheckCount("rooms", request.rooms_size()));
  int people = 0;
  for (const engine_wire::RoomQuestion& room : request.rooms()) people += room.people_size();
  if (people > kMostPeopleAskedAbout) return FieldTooLong("rooms.people", kMostPeopleAskedAbout);
  absl::flat_hash_set<RoomId> seen;
  for (const engine_wire::RoomQuestion& raw : request.rooms()) {
    ASSIGN_OR_RETURN(RoomId room, RoomIdFromWire("rooms.room_id", raw.room_id()));
    if (!seen.insert(room).second) return NamedTwice("rooms", room.value());
    for (const engine_wire::Person& one : raw.people()) {
      ASSIGN_OR_RETURN(Person person, PersonFromWire(one));
      question.people.push_back({room, std::move(person)});
    }
    question.rooms.push_back(std::move(room));
  }
  return question;
}

absl::StatusOr<std::vector<CommandId>> CommandIdsFromWire(
    const google::protobuf::RepeatedPtrField<std::string>& raw) {
  RETURN_IF_ERROR(text::CheckCount("command_ids", raw.size()));
  std::vector<CommandId> ids;
  for (const std::string& text : raw) {
    std::optional<std::string> id = CanonicalUuid(text);
    if (!id) return FieldMalformed("command_ids", "has what is no UUID");
    ids.emplace_back(*std::move(id));
  }
  return ids;
}

void ToWire(const ReportOutcome& outcome, engine_wire::ReportReply* reply) {
  for (const RoomId& room : outcome.unknown) reply->add_unknown_room_ids(room.value());
  for (const Expelled& expelled : outcome.expelled) {
    ToWire(expelled, Reason::kJoinTakenAway, reply->add_put_out());
  }
}

absl::Status ToWire(const RightsQuestion& question, const RightsAnswer& answer,
                    engine_wire::FindRightsReply* reply) {
  absl::flat_hash_map<RoomId, engine_wire::RoomRights*> by_room;
  for (const RoomPlaces& places : answer.rooms) {
    engine_wire::RoomRights& room = *reply->add_rooms();
    room.set_room_id(places.room.value());
    room.mutable_quotas()->set_activeparticipants(places.active_participants);
    room.mutable_quotas()->set_passiveparticipants(places.passive_participants);
    room.set_allow_spectators(places.allow_spectators);
    room.set_active_elsewhere(places.elsewhere.active);
    room.set_passive_elsewhere(places.elsewhere.passive);
    by_room[places.room] = &room;
  }
  for (size_t i = 0; i < question.people.size(); ++i) {
    const Asked& asked = question.people[i];
    const auto found = by_room.find(asked.room);
    if (found == by_room.end()) continue;
    RoomRightsToWire(answer.rights[i],
                     &(*found->second->mutable_permissions())[asked.person.user.value()]);
  }
  return rpc::HoldToLargest(rpc::ReplyTooLarge("ask about fewer rooms or people"), reply);
}

engine_wire::Command ToWire(const Command& command) {
  const Order& order = command.order;
  engine_wire::Command message;
  message.set_command_id(command.id.value());
  switch (order.kind) {
    case CommandKind::kPutOut:
      ToWire(Expelled{order.room, order.user}, order.reason, message.mutable_put_out());
      break;
    case CommandKind::kCloseRoom:
      message.mutable_close_room()->set_room_id(order.room.value());
      message.mutable_close_room()->set_reason(static_cast<engine_wire::Reason>(order.reason));
      break;
    case CommandKind::kRoomChanged:
      message.mutable_room_changed()->set_room_id(order.room.value());
      break;
    case CommandKind::kPermissionsChanged:
      message.mutable_permissions_changed()->set_room_id(order.room.value());
      message.mutable_permissions_changed()->set_user_id(order.user.value());
      break;
  }
  return message;
}

engine_wire::Command WelcomeOf(const EngineOptions& options) {
  engine_wire::Command message;
  const int64_t seconds = absl::ToInt64Seconds(options.presence_lifetime);
  message.mutable_welcome()->set_report_every_seconds(static_cast<uint32_t>(seconds / 3));
  message.mutable_welcome()->set_forgotten_after_seconds(static_cast<uint32_t>(seconds));
  return message;
}

}  // namespace usher::room
