// The flags of password resets.
#pragma once

#include "absl/status/statusor.h"
#include "services/auth/mail/mail_options.h"
#include "services/auth/reset/password_resets.h"

namespace usher::auth {

// kInvalidArgument with one line for a person.
absl::StatusOr<PasswordResetOptions> ReadResetOptions(const MailOptions& mail);

}  // namespace usher::auth
