#include "services/room/engine/asked_people.h"

#include <string>

#include "services/room/pg_room_rows.h"

namespace usher::room {

std::vector<db::Param> FindRightsParams(const CompanyId& company, const std::vector<Asked>& asked,
                                        bool only_who_may_not) {
  std::vector<std::string> rooms;
  std::vector<std::string> subjects;
  std::vector<std::string> guests;
  for (const Asked& one : asked) {
    rooms.push_back(one.room.value());
    subjects.push_back(one.person.subject.value());
    guests.emplace_back(one.person.guest ? "true" : "false");
  }
  return {company, db::Param::Array(rooms), db::Param::Array(subjects), db::Param::Array(guests),
          only_who_may_not};
}

size_t PlaceOf(const db::Row& row) { return static_cast<size_t>(row.Int(0)) - 1; }

RoomRights EffectiveRightsIn(const db::Row& row, const Person& person) {
  RoomAccess access;
  access.default_rights = RightsOf(row, 1);
  access.entry = RightsOf(row, 2);
  return EffectiveRights(person, access);
}

std::vector<Expelled> WhoMayNot(const db::Rows& rows, const std::vector<Asked>& asked) {
  std::vector<Expelled> expelled;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Asked& one = asked[PlaceOf(rows[i])];
    if (EffectiveRightsIn(rows[i], one.person).Has(RoomRight::kJoin)) continue;
    expelled.push_back({one.room, one.person.user});
  }
  return expelled;
}

void AddToBeJudged(const RoomId& room, const std::vector<Occupant>& occupants,
                   std::vector<Asked>* asked) {
  for (const Occupant& occupant : occupants) {
    if (HasToBeAllowed(occupant.state)) asked->push_back({room, occupant.person});
  }
}

}  // namespace usher::room
