// Who is a user of the caller's company; auth knows.
#pragma once

#include "absl/status/status.h"
#include "common/base/call_context.h"
#include "common/base/id.h"

namespace usher::business_logic {

// Thread-safe. Blocks.
class KnownUsers {
 public:
  virtual ~KnownUsers() = default;

  // OK when the company of whoever makes the call has that user. NOT_FOUND; errors of a call to
  // another service (rpc/peer.h).
  virtual absl::Status RequireKnown(const CallContext& call, const UserId& user) = 0;
};

}  // namespace usher::business_logic
