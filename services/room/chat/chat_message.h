// A chat message, and who hears it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/id.h"

namespace usher::room {

inline constexpr size_t kLongestChatText = 4000;  // characters
inline constexpr size_t kMostChatReceivers = 50;  // rooms of one message

// Where a message is written, and in which language.
struct ChatText {
  SubRoomId sub_room;      // in which the sender is; empty: the main room
  bool broadcast = false;  // to the main room and all sub-rooms
  std::string text;
  std::string language;         // BCP 47; empty: not told
  std::string source_language;  // likewise; that it was translated from

  friend bool operator==(const ChatText&, const ChatText&) = default;
};

struct ChatDraft : ChatText {
  std::vector<RoomId> rooms;  // in the order of their IDs, each once, at least one
};

// In one room. Another room that it went to has the same one at a position of its own.
struct ChatMessage : ChatText {
  std::string id;  // a UUID
  RoomId room;
  int64_t position = 0;  // in the room: from 1 on, and later is larger
  UserId sender;
  absl::Time sent_at;  // never before the message at the position before it

  friend bool operator==(const ChatMessage&, const ChatMessage&) = default;
};

// What of a room somebody listens to.
struct ChatScope {
  bool everywhere = false;  // the main room and all sub-rooms
  SubRoomId sub_room;       // else this one; empty: the main room

  friend bool operator==(const ChatScope&, const ChatScope&) = default;
};

inline bool IsHeard(const ChatText& message, const ChatScope& scope) {
  return scope.everywhere || message.broadcast || message.sub_room == scope.sub_room;
}

// How far the chat of a room has come.
struct ChatPlace {
  int64_t last = 0;    // position of the newest message that there ever was; 0: none
  int64_t oldest = 0;  // of the oldest one that is kept; 0: none

  friend bool operator==(const ChatPlace&, const ChatPlace&) = default;
};

// Whether messages behind `after` have been forgotten.
inline bool HasGap(const ChatPlace& place, int64_t after) {
  return place.oldest > 0 ? place.oldest > after + 1 : place.last > after;
}

}  // namespace usher::room
