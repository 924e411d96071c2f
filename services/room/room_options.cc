#include "services/room/room_options.h"

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/room_wire.h"

ABSL_FLAG(std::string, join_link_base, "https://localhost",
          "What join links begin with: <base>/join/<companyId>/<roomId>#<token>.");
ABSL_FLAG(uint32_t, most_room_permissions, 10000, "Permission entries that a room may have.");
ABSL_FLAG(uint32_t, most_sub_rooms, 500, "Sub-rooms that a room may have.");

namespace usher::room {

absl::StatusOr<RoomOptions> ReadRoomOptions() {
  RoomOptions options;
  options.join_link_base = absl::GetFlag(FLAGS_join_link_base);
  options.limits.entries = absl::GetFlag(FLAGS_most_room_permissions);
  options.limits.sub_rooms = absl::GetFlag(FLAGS_most_sub_rooms);
  while (absl::EndsWith(options.join_link_base, "/")) options.join_link_base.pop_back();
  if (!absl::StrContains(options.join_link_base, "://") ||
      absl::StrContains(options.join_link_base, "#")) {
    return absl::InvalidArgumentError(
        "--join_link_base must be an address like https://meet.example.org");
  }
  if (LargestRoom(options.limits) > rpc::kLargestContent) {
    return absl::InvalidArgumentError(
        "--most_room_permissions and --most_sub_rooms, with the limits of names and metadata, "
        "allow "
        "a room that no answer of 4 MiB holds");
  }
  return options;
}

}  // namespace usher::room
