// Rooms between views and values.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/room/room_view.h"

namespace usher::room {

inline RoomId IdOf(const RoomView& view) { return RoomId(std::string(view.id)); }

inline Room RoomOf(const RoomView& view) {
  Room room;
  room.parent = RoomId(std::string(view.parent));
  room.display_name = std::string(view.display_name);
  room.active_participants = view.active_participants;
  room.passive_participants = view.passive_participants;
  room.allow_spectators = view.allow_spectators;
  room.mode = view.mode;
  room.type = view.type;
  room.sort = view.sort;
  room.default_rights = view.default_rights;
  for (const auto& [key, value] : view.metadata) {
    room.metadata.emplace(std::string(key), std::string(value));
  }
  for (const auto& [user, rights] : view.entries) {
    room.entries.emplace(UserId(std::string(user)), rights);
  }
  for (const auto& [id, display_name, sort] : view.sub_rooms) {
    room.sub_rooms.emplace(SubRoomId(std::string(id)), SubRoom{std::string(display_name), sort});
  }
  return room;
}

inline std::map<RoomId, Room> RoomsOf(const ListedRooms& listed) {
  std::map<RoomId, Room> rooms;
  for (const RoomView& view : listed) rooms.emplace(IdOf(view), RoomOf(view));
  return rooms;
}

// In the order of their IDs, as somebody sees them.
inline ListedRooms Listed(std::map<RoomId, SeenRoom> rooms) {
  const auto kept = std::make_shared<const std::map<RoomId, SeenRoom>>(std::move(rooms));
  std::vector<RoomView> views;
  for (const auto& [id, seen] : *kept) views.push_back(ViewOf(seen));
  return ListedRooms(kept, std::move(views));
}

// In the order of their IDs, as nobody in particular sees them.
inline ListedRooms Listed(std::map<RoomId, Room> rooms) {
  const auto kept = std::make_shared<const std::map<RoomId, Room>>(std::move(rooms));
  std::vector<RoomView> views;
  for (const auto& [id, room] : *kept) views.push_back(ViewOf(id, room));
  return ListedRooms(kept, std::move(views));
}

}  // namespace usher::room
