// One who watches the chat of a room.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "services/room/chat/chat_message.h"
#include "services/room/room.h"

namespace usher::room {

// A client at the end of a stream. Thread-safe; waits for nothing.
class ChatListener {
 public:
  virtual ~ChatListener() = default;

  // Before all messages: behind which position they begin, and whether some behind it are
  // forgotten. False when nobody listens any more.
  virtual bool Begin(int64_t position, bool gap) = 0;
  // The oldest first, none of them twice; `position` is that of the room behind them. Without
  // messages it is a sign of life. False when nobody listens any more, be it that the client reads
  // too slowly.
  virtual bool Tell(const std::vector<const ChatMessage*>& messages, int64_t position) = 0;
  // Why nothing more comes.
  virtual void End(const absl::Status& why) = 0;
  virtual bool closed() const = 0;
  // Whether the client has taken what it was told, so that more of the past can be sent.
  virtual bool ready() const = 0;
};

// What is watched, by whom, from where.
struct ChatWatch {
  Viewer viewer;
  RoomId room;
  ChatScope scope;
  int64_t after = 0;
  int64_t last = 0;  // of the room, when the watch began
};

}  // namespace usher::room
