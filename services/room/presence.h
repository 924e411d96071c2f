// Who is in the rooms right now.
#pragma once

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/room/occupant.h"

namespace usher::room {

// How many are in one room, as seen by somebody who wants to enter it.
struct RoomCrowd {
  Crowd crowd;
  bool is_in = false;  // who asks is online in it, and so has a place already
};

// A port: media engines tell who is where (services/room/engine). Thread-safe. What no engine has
// renewed in time is not there any more. Errors besides those named: sql_error.h.
class Presence {
 public:
  virtual ~Presence() = default;

  // Everybody once, also whom two engines have: then as the one says who has them online. Rooms
  // that no engine has open are left out. StatusTooLarge for what no reply holds.
  virtual absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> ListOccupants(
      const CallContext& call, const CompanyId& company, const std::vector<RoomId>& rooms) = 0;
  virtual absl::StatusOr<RoomCrowd> Count(const CallContext& call, const CompanyId& company,
                                          const RoomId& room, const UserId& user) = 0;
};

}  // namespace usher::room
