// What users are called, for media engines that show it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"

namespace usher::room {

// A port. Thread-safe. Blocks.
class ProfileNames {
 public:
  virtual ~ProfileNames() = default;

  // First name and last name; empty where there is no profile (of guests and API clients), or no
  // name in it. The errors of a call to another service (rpc/peer.h).
  virtual absl::StatusOr<std::string> NameOf(const CallContext& call, const CompanyId& company,
                                             const UserId& user) = 0;
};

}  // namespace usher::room
