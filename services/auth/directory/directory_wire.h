// Credentials of directories: messages to domain types.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/directory/directory_sign_in.h"

namespace usher::auth {

// Of an authenticate request with ldapCredentials. REQUEST_EMPTY without company or user name, and
// the errors of text_rules.h. A blank password is a wrong one.
absl::StatusOr<DirectoryGrant> DirectoryGrantFromWire(
    const ::authentication::AuthenticationRequest& request);

}  // namespace usher::auth
