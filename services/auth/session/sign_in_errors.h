// The failures of signing in.
#pragma once

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// AUTHENTICATION_ERROR: one and the same for an unknown company, an unknown principal and a wrong
// secret.
absl::Status CredentialsRefused();
// AUTHENTICATION_ERROR for whatever is wrong with a refresh grant.
absl::Status RefreshTokenRefused();
// QUOTA_EXCEEDED: it has as many successors as it may have. They are good, and so is the session.
absl::Status RefreshTokenAnswered();
// AUTHENTICATION_ERROR: one and the same for a company that is not there and one that this user may
// not switch to.
absl::Status SwitchRefused();

// QUOTA_EXCEEDED: a shareable guest access has as many sessions as it may have.
absl::Status SessionsExhausted(size_t most);

// ACCOUNT_STATUS_ERROR: the right secret of an account that is not active.
absl::Status AccountInactive(AccountStatus status);
// The status that AccountInactive was made with; nothing for other failures.
std::optional<AccountStatus> AccountStatusOf(const absl::Status& status);

}  // namespace usher::auth
