// The flags that only the room service has.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/room/room.h"

namespace usher::room {

struct RoomOptions {
  std::string join_link_base = "https://localhost";  // without a slash at its end
  RoomLimits limits;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<RoomOptions> ReadRoomOptions();

}  // namespace usher::room
