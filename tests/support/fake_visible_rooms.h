// A room service that a test tells which rooms can be seen.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "services/business_logic/visible_rooms.h"

namespace usher::business_logic {

// Not thread-safe.
class FakeVisibleRooms final : public VisibleRooms {
 public:
  absl::StatusOr<std::set<RoomId>> Among(const CallContext& call,
                                         const std::vector<RoomId>& rooms) override {
    ++calls;
    last_token = call.access_token;
    if (!failure.ok()) return failure;
    std::set<RoomId> found;
    for (const RoomId& room : rooms) {
      if (visible.count(room) > 0) found.insert(room);
    }
    return found;
  }

  std::set<RoomId> visible;
  absl::Status failure;    // what every call answers, unless OK
  int calls = 0;           // so far
  std::string last_token;  // that the last one was made with
};

}  // namespace usher::business_logic
