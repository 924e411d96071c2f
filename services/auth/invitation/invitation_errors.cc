#include "services/auth/invitation/invitation_errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"

namespace usher::auth {

absl::Status InvitationUsed() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "this invitation has been used or changed; ask for a new one");
}

absl::Status JoiningRefused() {
  return PermissionMissing(
      "an access token of one's own sign-in, still signed in, to join another company");
}

absl::Status InvitationForOther(const char* what) {
  return ActionInvalid(absl::StrCat("this invitation is for another ", what));
}

}  // namespace usher::auth
