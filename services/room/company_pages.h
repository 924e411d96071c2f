// Where companies have their own client application.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"

namespace usher::room {

// Thread-safe. Blocks.
class CompanyPages {
 public:
  virtual ~CompanyPages() = default;

  // What the company's join links begin with, an https address without a slash at its end; empty
  // where it says nothing of it, and where there is no such company. The errors of a call to
  // another service (rpc/peer.h).
  virtual absl::StatusOr<std::string> JoinLinkBase(const CallContext& call,
                                                   const CompanyId& company) = 0;
};

}  // namespace usher::room
