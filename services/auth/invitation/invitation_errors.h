// The failures of accepting an invitation.
#pragma once

#include "absl/status/status.h"

namespace usher::auth {

// AUTHENTICATION_ERROR: it was used, or changed, since it was looked at.
absl::Status InvitationUsed();
// INSUFFICIENT_PERMISSIONS: to join a company takes a session that one has signed in to oneself.
absl::Status JoiningRefused();
// ACTION_INVALID: it is for another key type or principal, or for somebody else of the company.
absl::Status InvitationForOther(const char* what);

}  // namespace usher::auth
