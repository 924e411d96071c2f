// Where companies are founded: auth is another door to it.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/id.h"

namespace usher::auth {

struct FoundedCompany {
  CompanyId company;
  UserId administrator;
};

// Thread-safe. Blocks.
class CompanyFounder {
 public:
  virtual ~CompanyFounder() = default;

  // Founds a company whose display name is the ID that is asked for, on behalf of whoever makes the
  // call: passes on what is asked, and what the company service says. Errors of a call to another
  // service (rpc/peer.h).
  virtual absl::StatusOr<FoundedCompany> Found(
      const CallContext& call, const ::authentication::CompanyCreateRequest& request) = 0;
};

}  // namespace usher::auth
