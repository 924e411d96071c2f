// Somebody in a room, as a media engine tells of them. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "services/room/room.h"

namespace usher::room {

// As the token says with which they came to the engine.
struct Person {
  UserId user;
  UserId subject;  // under whom rooms keep entries: the user, or the ID of a shareable access
  bool guest = false;
  bool room_admin = false;  // ROOM_ADMIN, or a join token of such a user; of guests it says nothing

  friend bool operator==(const Person&, const Person&) = default;
};

// Numbers of common.UserState.
enum class OccupantState {
  kConnected = 0,
  kTimedOut = 1,
  kLeftRoom = 2,
  kQuit = 3,
  kKicked = 4,
  kUserError = 5,
  kUpdating = 6,
  kSystemError = 7,
  kCreated = 8,
  kOnBreak = 9,
};
inline constexpr OccupantState kLastOccupantState = OccupantState::kOnBreak;

struct Occupant {
  Person person;
  std::string display_name;
  SubRoomId sub_room;  // empty: in the room itself
  bool spectator = false;
  OccupantState state = OccupantState::kConnected;

  friend bool operator==(const Occupant&, const Occupant&) = default;
};

// Whether somebody in this state is in the room, and takes one of its places.
bool IsOnline(OccupantState state);

// Whether somebody in this state is in the room or about to be, and so has to be allowed to.
bool HasToBeAllowed(OccupantState state);

// What the person may do in a room: the rules of EffectiveRights. `access.entry` is that of the
// person's subject.
RoomRights EffectiveRights(const Person& person, const RoomAccess& access);

// Of several rooms' places, or of one.
struct Crowd {
  uint32_t active = 0;   // online, spectators excepted
  uint32_t passive = 0;  // spectators who are online

  friend bool operator==(const Crowd&, const Crowd&) = default;
};

}  // namespace usher::room
