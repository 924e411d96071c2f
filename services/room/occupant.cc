#include "services/room/occupant.h"

namespace usher::room {

bool IsOnline(OccupantState state) {
  return state == OccupantState::kConnected || state == OccupantState::kUpdating ||
         state == OccupantState::kOnBreak;
}

bool HasToBeAllowed(OccupantState state) {
  return IsOnline(state) || state == OccupantState::kCreated;
}

RoomRights EffectiveRights(const Person& person, const RoomAccess& access) {
  Viewer viewer;
  viewer.administers_all = person.room_admin && !person.guest;
  viewer.has_defaults = !person.guest;
  return EffectiveRights(viewer, access);
}

}  // namespace usher::room
