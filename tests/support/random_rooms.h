// Rooms of every shape there is, from a seed: for tests of what holds for all of them.
#pragma once

#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/room/room.h"

namespace usher::room {

// The same seed gives the same rooms.
class RandomRooms {
 public:
  explicit RandomRooms(uint32_t seed) : random_(seed) {}

  // Small ones; now and then with more entries and sub-rooms than are kept beside the room.
  Room Next() {
    Room room;
    room.display_name = Text(40);
    if (OneIn(3)) room.parent = RoomId(Uuid());
    if (OneIn(2)) room.active_participants = Number();
    if (OneIn(2)) room.passive_participants = Number();
    room.allow_spectators = OneIn(2);
    room.mode = static_cast<RoomMode>(1 + Upto(2));
    room.type = static_cast<RoomType>(1 + Upto(1));
    if (OneIn(2)) room.sort = static_cast<int64_t>(random_());
    if (OneIn(4)) room.sort = static_cast<int64_t>(Upto(300)) - 150;
    if (OneIn(2)) room.default_rights = Rights();
    const uint32_t many = OneIn(8) ? 60 : 5;
    for (uint32_t i = Upto(6); i > 0; --i) room.metadata[Text(20)] = Text(OneIn(8) ? 700 : 30);
    for (uint32_t i = Upto(many); i > 0; --i) room.entries[UserId(Uuid())] = Rights();
    for (uint32_t i = Upto(many); i > 0; --i) {
      room.sub_rooms[SubRoomId(absl::StrCat(i, Text(10)))] = SubRoom{Text(30), Number()};
    }
    return room;
  }

  RoomRights Rights() {
    if (OneIn(5)) return RoomRights();
    return RoomRights::FromMask(static_cast<uint32_t>(random_()) & kAllRoomRights.mask());
  }

  uint32_t Upto(uint32_t most) { return static_cast<uint32_t>(random_() % (most + 1)); }
  bool OneIn(uint32_t count) { return random_() % count == 0; }

 private:
  // Where the length of a varint changes, and anywhere.
  uint32_t Number() {
    const uint32_t edges[] = {0, 1, 127, 128, 16383, 16384, 4294967295u};
    return OneIn(2) ? edges[Upto(6)] : static_cast<uint32_t>(random_());
  }

  std::string Uuid() {
    return absl::StrFormat("01900000-0000-7000-%04x-%012x", 0x8000 | (random_() & 0x3fff),
                           random_() & 0xffffffffffffull);
  }

  // Up to `most` characters of all lengths, those that JSON escapes among them; may be empty.
  std::string Text(uint32_t most) {
    const char* characters[] = {"a", "Z",  "0",    " ",      "\"",      "\\",     "{",
                                ",", "\n", "\x7f", "\u00e9", "a\u0308", "\u20ac", "\U0001F600"};
    std::string text;
    for (uint32_t i = Upto(most); i > 0; --i) text += characters[Upto(13)];
    return text;
  }

  std::mt19937_64 random_;
};

}  // namespace usher::room
