// Users as messages.
#pragma once

#include <user/userService.pb.h>

#include <optional>

#include "absl/status/statusor.h"
#include "services/user/auth_directory.h"
#include "services/user/users.h"

namespace usher::user {

// MAX_SIZE_EXCEEDED for more than 1,000 IDs, USER_ID_INVALID for what is none.
absl::StatusOr<ListWish> FromWire(const ::user::UserListRequest& request);

// Whose profile, an empty ID being the caller's, and which. REQUEST_EMPTY without a profile,
// USER_ID_INVALID, and as below.
struct ProfileWish {
  UserId user;
  Profile profile;
};
absl::StatusOr<ProfileWish> FromWire(const ::user::UserProfileUpdateRequest& request,
                                     const UserId& caller);

// PROTOCOL_ERROR or MAX_SIZE_EXCEEDED for what a user cannot have.
absl::StatusOr<UserChange> FromWire(const ::common::User& wire);
absl::StatusOr<Profile> FromWire(const ::common::UserProfile& wire);

// The authenticationRequest of a request; nothing where it has none, or nothing in it.
std::optional<OpaqueCredentials> CredentialsFromWire(
    const ::authentication::AuthenticationRequest& wire);

::common::Locale ToWire(const Locale& locale);

// ReplyTooLarge beyond 4 MiB.
absl::Status ToWire(const UserList& list, ::user::UserListReply* reply);

}  // namespace usher::user
