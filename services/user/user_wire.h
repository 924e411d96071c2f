// Users as messages.
#pragma once

#include <user/userService.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/user/auth_directory.h"
#include "services/user/users.h"

namespace usher::user {

// MAX_SIZE_EXCEEDED for more than 1,000 IDs, USER_ID_INVALID for what is none.
absl::StatusOr<ListWish> FromWire(const ::user::UserListRequest& request);

// PROTOCOL_ERROR or MAX_SIZE_EXCEEDED for what a user cannot have.
absl::StatusOr<UserChange> FromWire(const ::common::User& wire);
absl::StatusOr<Profile> FromWire(const ::common::UserProfile& wire);

struct ProfileWish {
  UserId user;
  Profile profile;
};

// The profile of `caller` where the request names nobody. USER_ID_INVALID, REQUEST_EMPTY without a
// profile, and as above.
absl::StatusOr<ProfileWish> FromWire(const ::user::UserProfileUpdateRequest& request,
                                     const UserId& caller);

// The authenticationRequest of a request; null where it has none, or nothing in it. Lives as long
// as the request.
template <class Request>
const Credentials* CredentialsFromWire(const Request& request) {
  const bool given =
      request.has_authenticationrequest() && request.authenticationrequest().ByteSizeLong() > 0;
  return given ? &request.authenticationrequest() : nullptr;
}

// ReplyTooLarge beyond 4 MiB.
absl::Status ToWire(const std::vector<User>& users, ::user::UserListReply* reply);
absl::Status ToWire(const std::vector<UserId>& ids, ::user::UserListReply* reply);

}  // namespace usher::user
