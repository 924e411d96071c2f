// Messages of password resets to domain types and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/reset/password_resets.h"

namespace usher::auth {

absl::StatusOr<ResetRequest> FromWire(const ::authentication::PasswordResetRequest& request);
void ToWire(const ResetAnswer& answer, ::authentication::PasswordResetReply* reply);

// Whether an update shows a reset token: then no access token has to come with it.
bool ShowsResetToken(const ::authentication::AuthenticationUpdateRequest& request);
// ACTION_INVALID where such an update wants more than a password.
absl::StatusOr<ResetUse> ResetUseFromWire(
    const ::authentication::AuthenticationUpdateRequest& request);

}  // namespace usher::auth
