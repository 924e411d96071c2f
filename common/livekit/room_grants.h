// What rights in a room mean at a LiveKit server.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "common/permission/permission.h"

namespace usher::livekit {

struct RoomGrants {
  bool microphone = false;
  bool camera = false;
  bool screen = false;  // with its sound
  bool subscribe = false;
  bool data = false;
  bool admin = false;

  friend bool operator==(const RoomGrants&, const RoomGrants&) = default;
};

// Of effective rights, where `admin` comes with all others. Without `join` nothing.
RoomGrants GrantsOf(RoomRights rights);

// What may be published, by LiveKit's names (TrackSource, in small letters). LiveKit takes an empty
// list for all of them: say that nothing may be published as well.
std::vector<absl::string_view> PublishSources(const RoomGrants& grants);

}  // namespace usher::livekit
