// What can be done with users: who may, which rules hold, what is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/user/auth_directory.h"
#include "services/user/user_sagas.h"
#include "services/user/user_store.h"

namespace usher::user {

struct ListWish {
  std::vector<UserId> ids;  // empty: all that the caller may list
  bool with_metadata = false;
  bool ids_only = false;
};

// In the order of their creation. One of the two.
struct UserList {
  std::vector<User> users;
  std::vector<UserId> ids;  // where they alone are wanted
};

// Thread-safe.
class Users {
 public:
  Users(UserStore& store, UserSagas& sagas, AuthDirectory& auth)
      : store_(store), sagas_(sagas), auth_(auth) {}

  // Who may not be seen is left out, like who does not exist. ReplyTooLarge.
  absl::StatusOr<UserList> List(const Caller& caller, const ListWish& wish);

  // Makes a user, and the method to sign in with where there are credentials: both or neither.
  // INSUFFICIENT_PERMISSIONS, REQUEST_EMPTY, EmailTaken, what auth refuses.
  absl::StatusOr<UserId> Create(const Caller& caller, const UserChange& draft,
                                const std::optional<OpaqueCredentials>& credentials);

  // Changes a user, and the methods where there are credentials; makes the profile of a user who
  // only had methods so far. INSUFFICIENT_PERMISSIONS, REQUEST_EMPTY, NOT_FOUND, EmailTaken,
  // MAX_SIZE_EXCEEDED, what auth refuses.
  absl::Status Update(const Caller& caller, const UserId& user, const UserChange& change,
                      const std::optional<OpaqueCredentials>& credentials);

  // Removes a user, a guest among them, with all methods. INSUFFICIENT_PERMISSIONS, NOT_FOUND, what
  // auth refuses.
  absl::Status Destroy(const Caller& caller, const UserId& user);

  // Replaces the profile as a whole. INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::Status ReplaceProfile(const Caller& caller, const UserId& user, const Profile& profile);

  // Empty where the user named none, and of oneself where there is no profile.
  // INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::StatusOr<Locale> GetLocale(const Caller& caller, const UserId& user);

  // Makes the profile of a user who only has methods so far, on behalf of the platform; false when
  // there is one already. NOT_FOUND, ACTION_INVALID for guests, and the errors of
  // UserSagas::MakeProfile.
  absl::StatusOr<bool> EnsureProfile(const CallContext& call, const UserId& user,
                                     const UserChange& draft);

 private:
  absl::Status UpdateKnown(const Caller& caller, const User& current, const UserChange& change,
                           const std::optional<OpaqueCredentials>& credentials);
  absl::Status MakeProfile(const Caller& caller, const UserId& user, const UserChange& change,
                           const std::optional<OpaqueCredentials>& credentials);

  UserStore& store_;
  UserSagas& sagas_;
  AuthDirectory& auth_;
};

}  // namespace usher::user
