// The failures of permission groups, each once.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/gate/largest_reply.h"

namespace usher::business_logic {

// The groups are an operator's: no request asks for some of them alone.
inline absl::Status PermissionGroupsTooLarge() {
  return rpc::ReplyTooLarge("ask your operator for fewer permission groups, or shorter names");
}

}  // namespace usher::business_logic
