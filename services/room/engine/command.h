// What an engine is told to do. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/id.h"

namespace usher::room {

// 1 to 128 visible ASCII characters; chosen by the engine, and its own within a company.
using EngineId = Id<struct EngineTag>;
using CommandId = Id<struct CommandTag>;

// Numbers of engine_commands.kind.
enum class CommandKind {
  kPutOut = 1,              // `user`; of all rooms where `room` is empty
  kCloseRoom = 2,           //
  kRoomChanged = 3,         //
  kPermissionsChanged = 4,  // of `user`; of many where that is empty
};

// Numbers of usher.engine.v1.Reason.
enum class Reason {
  kNone = 0,
  kRoomDestroyed = 1,
  kJoinTakenAway = 2,
  kUserRemoved = 3,
};

struct Order {
  CommandKind kind = CommandKind::kRoomChanged;
  RoomId room;
  UserId user;
  Reason reason = Reason::kNone;

  friend bool operator==(const Order&, const Order&) = default;
};

struct Command {
  CommandId id;
  Order order;
};

}  // namespace usher::room
