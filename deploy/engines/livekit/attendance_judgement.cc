// Attendance::Judge: what follows from what usher says of rooms and people.
#include "deploy/engines/livekit/attendance.h"

namespace usher::livekit {
namespace {

using ::usher::engine::v1::RoomQuestion;

constexpr absl::string_view kStranger = "came with no token of usher";
constexpr absl::string_view kMayNotJoin = "may not join";
constexpr absl::string_view kFull = "the room is full";
constexpr absl::string_view kMayJoin = "may join";
constexpr absl::string_view kNoRoom = "there is no such room";
constexpr absl::string_view kPutOutBefore = "was put out";

}  // namespace

std::vector<Act> Attendance::Judge(const Question& asked, const Rights& rights) {
  std::map<std::string, const RoomRights*> known;
  for (const RoomRights& room : rights.rooms()) known.emplace(room.room_id(), &room);
  std::vector<Act> acts;
  for (const RoomQuestion& question : asked.rooms()) {
    const auto room = rooms_.find(question.room_id());
    if (room == rooms_.end()) continue;
    due_.erase(question.room_id());
    const auto answer = known.find(question.room_id());
    if (answer != known.end()) {
      JudgeRoom(question, *answer->second, &acts);
    } else if (room->second.known || !room->second.places.empty()) {
      // Another one may be another company's at the same server.
      acts.push_back({Act::Kind::kDelete, room->first, "", {}, kNoRoom});
    }
  }
  return acts;
}

void Attendance::JudgeRoom(const RoomQuestion& asked, const RoomRights& rights,
                           std::vector<Act>* acts) {
  Room& room = rooms_[asked.room_id()];
  if (!room.known) closed_.erase(asked.room_id());
  NoteChange(room, !room.known);
  room.known = true;
  for (const std::string& stranger : room.strangers) {
    acts->push_back({Act::Kind::kRemove, asked.room_id(), stranger, {}, kStranger});
  }
  for (const auto& person : asked.people()) {
    const auto place = room.places.find(person.user_id());
    if (place != room.places.end()) JudgePlace(asked.room_id(), place->second, rights, acts);
  }
  // What did not fit into the question.
  for (const auto& [user, place] : room.places) {
    if (place.to_judge) due_.insert(asked.room_id());
  }
}

void Attendance::JudgePlace(const std::string& room_id, Place& place, const RoomRights& rights,
                            std::vector<Act>* acts) {
  const std::string& user = place.visitor.user();
  const auto held = rights.permissions().find(user);
  const wire::Permission permission =
      held == rights.permissions().end() ? wire::Permission() : PermissionOf(held->second);
  place.to_judge = false;
  if (memory_.Refuses(room_id, user, place.visitor.issued)) {
    acts->push_back({Act::Kind::kRemove, room_id, user, {}, kPutOutBefore});
    return;
  }
  if (!permission.can_subscribe()) {
    acts->push_back({Act::Kind::kRemove, room_id, user, {}, kMayNotJoin});
    return;
  }
  const bool watches = IsSpectator(permission);
  if (!place.admitted && !place.settled) {
    const uint32_t most =
        watches ? rights.quotas().passiveparticipants() : rights.quotas().activeparticipants();
    uint32_t there = watches ? rights.passive_elsewhere() : rights.active_elsewhere();
    for (const auto& [other_user, other] : rooms_[room_id].places) {
      if ((other.admitted || other.pending) && other.watches == watches) ++there;
    }
    if (most > 0 && there >= most) {
      acts->push_back({Act::Kind::kRemove, room_id, user, {}, kFull});
      return;
    }
  }
  NoteChange(rooms_[room_id], place.admitted && place.watches != watches);
  place.watches = watches;
  if (IsSame(place.has, permission)) {
    NoteChange(rooms_[room_id], !place.admitted);
    place.admitted = true;
    return;
  }
  place.pending = true;
  acts->push_back({Act::Kind::kAdmit, room_id, user, permission, kMayJoin});
}

}  // namespace usher::livekit
