// Makes the tokens of join links.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"

namespace usher::room {

// Thread-safe. Blocks.
class JoinTokenSigner {
 public:
  virtual ~JoinTokenSigner() = default;

  // A token for whoever makes the call, good for this one room. Errors of a call to another service
  // (rpc/peer.h).
  virtual absl::StatusOr<std::string> SignJoinToken(const CallContext& call,
                                                    const RoomId& room) = 0;
};

}  // namespace usher::room
