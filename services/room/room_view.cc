#include "services/room/room_view.h"

namespace usher::room {

RoomView ViewOf(const RoomId& id, const Room& room) {
  RoomView view;
  view.id = id.value();
  view.parent = room.parent.value();
  view.display_name = room.display_name;
  view.active_participants = room.active_participants;
  view.passive_participants = room.passive_participants;
  view.allow_spectators = room.allow_spectators;
  view.mode = room.mode;
  view.type = room.type;
  view.sort = room.sort;
  view.default_rights = room.default_rights;
  for (const auto& [key, value] : room.metadata) view.metadata.push_back({key, value});
  for (const auto& [user, rights] : room.entries) view.entries.push_back({user.value(), rights});
  for (const auto& [sub_room_id, sub_room] : room.sub_rooms) {
    view.sub_rooms.push_back({sub_room_id.value(), sub_room.display_name, sub_room.sort});
  }
  return view;
}

RoomView ViewOf(const SeenRoom& seen) {
  RoomView view = ViewOf(seen.id, seen.room);
  view.mine = seen.mine;
  return view;
}

}  // namespace usher::room
