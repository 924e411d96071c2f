// A port: the profiles of people, which the user service keeps.
#pragma once

#include "absl/status/status.h"
#include "common/base/call_context.h"
#include "services/auth/directory/directory.h"

namespace usher::auth {

// Thread-safe; waits.
class Profiles {
 public:
  virtual ~Profiles() = default;

  // Makes the profile of a user whom auth knows, unless there is one, of what the directory says:
  // what is no name or address is left out, and so is an address that somebody else has. Failures
  // of Peer::Call.
  virtual absl::Status Ensure(const CallContext& call, const CompanyId& company, const UserId& user,
                              const DirectoryPerson& person) = 0;
};

}  // namespace usher::auth
