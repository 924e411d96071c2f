#include "services/auth/method/method_errors.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::auth {

absl::Status PrincipalTaken(absl::string_view principal) {
  return ActionInvalid(
      absl::StrCat("there is an authentication method for ", Quoted(principal), " already"));
}

absl::Status TooManyMethods(size_t most) {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("a user has at most ", most,
                                 " authentication methods in a company; remove one first"));
}

absl::Status LastAdministrator() {
  return ActionInvalid(
      "the last company administrator (active, with GRANT_PERMISSIONS) can be neither removed nor "
      "stripped; make another one first");
}

absl::Status MethodNotFound() {
  return ReplyError(::common::NOT_FOUND, "this user has no such authentication method");
}

absl::Status StatusIsLocked() {
  return ActionInvalid("LOCKED is set and lifted by the platform alone");
}

absl::Status NoSessionToKeep() {
  return ActionInvalid(
      "the token of this call belongs to no session of the user; leave keep_own out, or sign in");
}

absl::Status UserRuledOut() {
  return ReplyError(::common::USER_INVALID,
                    "this user was removed, or its creation was given up; make a new one");
}

absl::Status CompanyExists() {
  return ActionInvalid("there is a company with this ID already; choose another display name");
}

absl::Status UserExists() {
  return ActionInvalid("there is a user with this ID already; update it instead");
}

absl::Status CurrentSecretWrong() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "the present secret (current, currentCode) is missing or wrong");
}

absl::Status ReplyTooLarge() {
  return rpc::ReplyTooLarge(
      "ask with a smaller limit, or with keyType or principal for fewer methods of each user");
}

absl::Status ChangedMeanwhile() { return Overloaded("changes to the same user at the same time"); }

}  // namespace usher::auth
