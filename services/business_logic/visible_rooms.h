// Which rooms a caller can see; the room service knows.
#pragma once

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/id.h"

namespace usher::business_logic {

// Thread-safe. Blocks.
class VisibleRooms {
 public:
  virtual ~VisibleRooms() = default;

  // Those of `rooms` (at most 1,000) that whoever makes the call can see. Errors of a call to
  // another service (rpc/peer.h).
  virtual absl::StatusOr<std::set<RoomId>> Among(const CallContext& call,
                                                 const std::vector<RoomId>& rooms) = 0;
};

}  // namespace usher::business_logic
