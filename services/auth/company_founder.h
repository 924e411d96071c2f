// The company service, where companies are founded: auth is another door to it.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/id.h"
#include "common/rpc/peer/peer.h"

namespace usher::auth {

struct FoundedCompany {
  CompanyId company;
  UserId administrator;
};

// Thread-safe. Blocks.
class CompanyFounder {
 public:
  explicit CompanyFounder(rpc::Peer& company) : company_(company) {}

  // Founds a company whose display name is the ID that is asked for, on behalf of whoever makes the
  // call: passes on what is asked, and what the company service says. Errors of a call to another
  // service (rpc/peer.h).
  absl::StatusOr<FoundedCompany> Found(const CallContext& call,
                                       const ::authentication::CompanyCreateRequest& request);

 private:
  rpc::Peer& company_;
};

}  // namespace usher::auth
