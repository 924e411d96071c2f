// Makes the tokens of join links.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"

namespace usher::room {

struct JoinTokenWish {
  RoomId room;                           // the one that it opens
  std::optional<absl::Time> expires_at;  // nothing: as late as may be
  bool room_admin = false;               // counts as `admin` in the room
};

struct JoinToken {
  std::string bytes;
  absl::Time expires_at;
};

// Thread-safe. Blocks.
class JoinTokenSigner {
 public:
  virtual ~JoinTokenSigner() = default;

  // A token for whoever makes the call, who must hold ROOM_ADMIN for one with `room_admin`.
  // INSUFFICIENT_PERMISSIONS, RANGE_ERROR for an end that has passed, and the errors of a call to
  // another service (rpc/peer.h).
  virtual absl::StatusOr<JoinToken> SignJoinToken(const CallContext& call,
                                                  const JoinTokenWish& wish) = 0;
};

}  // namespace usher::room
