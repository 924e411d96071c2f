// The failures of authentication methods and of users as auth knows them.
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::auth {

absl::Status PrincipalTaken(absl::string_view principal);  // ACTION_INVALID
absl::Status TooManyMethods(size_t most);                  // QUOTA_EXCEEDED
absl::Status LastAdministrator();                          // ACTION_INVALID
absl::Status MethodNotFound();                             // NOT_FOUND
absl::Status StatusIsLocked();                             // ACTION_INVALID
absl::Status NoSessionToKeep();                            // ACTION_INVALID
absl::Status UserRuledOut();                               // USER_INVALID
absl::Status CompanyExists();                              // ACTION_INVALID
absl::Status UserExists();                                 // ACTION_INVALID
absl::Status CurrentSecretWrong();                         // AUTHENTICATION_ERROR
absl::Status ReplyTooLarge();                              // MAX_SIZE_EXCEEDED

// Undecided: somebody changed the same user at the same time.
absl::Status ChangedMeanwhile();

}  // namespace usher::auth
