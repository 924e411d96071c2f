// The failures of password resets.
#pragma once

#include "absl/status/status.h"
#include "common/status/reply_error.h"

namespace usher::auth {

// One and the same for an unknown company or user name, a wrong, used, replaced or expired token,
// and one of somebody else.
inline absl::Status ResetRefused() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "this password reset token is not good, or not any more; ask for a new one");
}

}  // namespace usher::auth
