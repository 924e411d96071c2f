#include "deploy/engines/livekit/attendance.h"

#include <algorithm>

#include "common/base/id.h"

namespace usher::livekit {
namespace {

using ::usher::engine::v1::RoomQuestion;

constexpr absl::string_view kWasPutOut = "was put out";
constexpr absl::string_view kPutOut = "is put out";
constexpr absl::string_view kClosed = "the room was destroyed";

}  // namespace

bool Attendance::IsRoomId(const std::string& room) { return CanonicalUuid(room) == room; }

void Attendance::NoteChange(Room& room, bool does_matter) {
  room.changed |= does_matter;
  changed_ |= does_matter;
}

Attendance::Place* Attendance::FindPlace(const std::string& room, const std::string& identity) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return nullptr;
  const auto place = found->second.places.find(identity);
  return place == found->second.places.end() ? nullptr : &place->second;
}

void Attendance::SetPlace(const std::string& room_id, const wire::Participant& participant,
                          bool settled) {
  if (!IsPerson(participant) || participant.state() == "DISCONNECTED") return;
  Room& room = rooms_[room_id];
  std::optional<Visitor> visitor = VisitorOf(participant);
  if (!visitor || visitor->company != company_) {
    room.strangers.insert(participant.identity());
    due_.insert(room_id);
    return;
  }
  Place& place = room.places[participant.identity()];
  const bool active = participant.state() == "ACTIVE";
  if (place.sid != participant.sid()) {
    NoteChange(room, place.admitted);
    place = Place();
    place.sid = participant.sid();
    place.settled = settled;
    due_.insert(room_id);
  } else {
    NoteChange(room, place.admitted && place.active != active);
    if (!IsSame(place.has, participant.permission())) {
      place.to_judge = true;
      due_.insert(room_id);
    }
  }
  place.visitor = *std::move(visitor);
  place.active = active;
  place.has = participant.permission();
}

void Attendance::ErasePlace(const std::string& room, const std::string& identity) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  const Place* const place = FindPlace(room, identity);
  if (place != nullptr) NoteChange(found->second, place->admitted);
  found->second.places.erase(identity);
  found->second.strangers.erase(identity);
}

void Attendance::EraseRoom(Rooms::iterator room) {
  if (room->second.known) {
    closed_.insert(room->first);
    changed_ = true;
  }
  due_.erase(room->first);
  rooms_.erase(room);
}

void Attendance::Came(const std::string& room, const wire::Participant& participant) {
  if (!IsRoomId(room)) return;
  Opened(room);
  SetPlace(room, participant, /*settled=*/false);
}

void Attendance::Left(const std::string& room, const std::string& identity,
                      const std::string& sid) {
  const Place* const place = FindPlace(room, identity);
  // Who comes again has another one, and may have come before this is told.
  if (place == nullptr || place->sid == sid) ErasePlace(room, identity);
}

void Attendance::Opened(const std::string& room) {
  if (IsRoomId(room) && rooms_.try_emplace(room).second) due_.insert(room);
}

void Attendance::Finished(const std::string& room) {
  if (const auto found = rooms_.find(room); found != rooms_.end()) EraseRoom(found);
}

void Attendance::SetRoom(const std::string& room_id,
                         const std::vector<wire::Participant>& participants, bool settled) {
  if (!IsRoomId(room_id)) return;
  Opened(room_id);
  Room& room = rooms_[room_id];
  std::set<std::string> there;
  for (const wire::Participant& participant : participants) there.insert(participant.identity());
  room.strangers.clear();
  std::vector<std::string> gone;
  for (const auto& [identity, place] : room.places) {
    if (there.count(identity) == 0) gone.push_back(identity);
  }
  for (const std::string& identity : gone) ErasePlace(room_id, identity);
  for (const wire::Participant& participant : participants) {
    SetPlace(room_id, participant, settled);
  }
}

void Attendance::KeepOnly(const std::set<std::string>& rooms) {
  for (auto room = rooms_.begin(); room != rooms_.end();) {
    const auto next = std::next(room);
    if (rooms.count(room->first) == 0) EraseRoom(room);
    room = next;
  }
}

std::vector<Act> Attendance::PutOut(const std::string& room_id, const std::string& user,
                                    absl::Time now) {
  std::vector<Act> acts;
  absl::Time expires = absl::InfinitePast();
  for (auto& [id, room] : rooms_) {
    if (!room_id.empty() && id != room_id) continue;
    const auto place = room.places.find(user);
    if (place == room.places.end()) continue;
    expires = std::max(expires, place->second.visitor.expires);
    place->second.to_judge = true;
    due_.insert(id);
    acts.push_back({Act::Kind::kRemove, id, user, {}, kPutOut});
  }
  // They may be there without our having heard of it.
  if (acts.empty() && !room_id.empty()) {
    acts.push_back({Act::Kind::kRemove, room_id, user, {}, kPutOut});
  }
  memory_.PutOut(room_id, user, now, expires);
  return acts;
}

std::vector<Act> Attendance::Close(const std::string& room) {
  return {{Act::Kind::kDelete, room, "", {}, kClosed}};
}

void Attendance::RightsChanged(const std::string& room_id, const std::string& subject) {
  const auto room = rooms_.find(room_id);
  if (room == rooms_.end()) return;
  for (auto& [user, place] : room->second.places) {
    if (subject.empty() || user == subject ||
        place.visitor.person.base_permissions_id() == subject) {
      place.to_judge = true;
      due_.insert(room_id);
    }
  }
}

void Attendance::JudgeEverybody() {
  for (auto& [id, room] : rooms_) {
    for (auto& [user, place] : room.places) place.to_judge = true;
    due_.insert(id);
  }
}

std::vector<Act> Attendance::Refuse() {
  std::vector<Act> acts;
  for (const std::string& id : due_) {
    for (const auto& [user, place] : rooms_[id].places) {
      if (place.to_judge && memory_.Refuses(id, user, place.visitor.issued)) {
        acts.push_back({Act::Kind::kRemove, id, user, {}, kWasPutOut});
      }
    }
  }
  return acts;
}

Attendance::Question Attendance::Ask() const {
  Question question;
  int people = 0;
  for (const std::string& id : due_) {
    if (question.rooms_size() == kMostRooms || people >= kMostPeople) break;
    RoomQuestion& room = *question.add_rooms();
    room.set_room_id(id);
    for (const auto& [user, place] : rooms_.at(id).places) {
      if (!place.to_judge || people >= kMostPeople) continue;
      *room.add_people() = place.visitor.person;
      ++people;
    }
  }
  return question;
}

void Attendance::Done(const Act& act) {
  if (act.kind != Act::Kind::kAdmit) return WasGone(act);
  Place* const place = FindPlace(act.room, act.identity);
  if (place == nullptr) return;
  NoteChange(rooms_[act.room], !place->admitted);
  place->has = act.permission;
  place->admitted = true;
  place->pending = false;
}

void Attendance::WasGone(const Act& act) {
  if (act.kind == Act::Kind::kDelete) return Finished(act.room);
  ErasePlace(act.room, act.identity);
}

void Attendance::Failed(const Act& act) {
  const auto room = rooms_.find(act.room);
  if (room == rooms_.end()) return;
  due_.insert(act.room);
  Place* const place = FindPlace(act.room, act.identity);
  if (place == nullptr) return;
  place->pending = false;
  place->to_judge = true;
}

std::vector<Attendance::RoomReport> Attendance::Report() { return ReportIf(false); }

std::vector<Attendance::RoomReport> Attendance::ReportChanged() { return ReportIf(true); }

std::vector<Attendance::RoomReport> Attendance::ReportIf(bool changed_alone) {
  changed_ = false;
  std::vector<RoomReport> reports;
  for (auto& [id, room] : rooms_) {
    const bool changed = std::exchange(room.changed, false);
    if (!room.known || (changed_alone && !changed)) continue;
    RoomReport& report = reports.emplace_back();
    report.set_room_id(id);
    for (const auto& [user, place] : room.places) {
      if (!place.admitted) continue;
      auto& occupant = *report.add_occupants();
      *occupant.mutable_person() = place.visitor.person;
      occupant.set_display_name(place.visitor.display_name);
      occupant.set_spectator(place.watches);
      occupant.set_state(place.active ? ::common::CONNECTED : ::common::CREATED);
    }
  }
  return reports;
}

std::vector<std::string> Attendance::TakeClosed() {
  const std::set<std::string> closed = std::exchange(closed_, {});
  return {closed.begin(), closed.end()};
}

size_t Attendance::people() const {
  size_t people = 0;
  for (const auto& [id, room] : rooms_) {
    people += std::count_if(room.places.begin(), room.places.end(),
                            [](const auto& place) { return place.second.admitted; });
  }
  return people;
}

}  // namespace usher::livekit
