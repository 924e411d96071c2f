// What can be done with users: who may, which rules hold, what is kept.
#pragma once

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
};

// Thread-safe.
class Users {
 public:
  Users(UserStore& store, UserSagas& sagas, AuthDirectory& auth)
      : store_(store), sagas_(sagas), auth_(auth) {}

  // In the order of their creation. Who may not be seen is left out, like who does not exist.
  // ReplyTooLarge.
  absl::StatusOr<std::vector<User>> List(const Caller& caller, const ListWish& wish);
  absl::StatusOr<std::vector<UserId>> ListIds(const Caller& caller, const ListWish& wish);

  // Makes a user, and the method to sign in with unless `credentials` is null: both or neither.
  // INSUFFICIENT_PERMISSIONS, REQUEST_EMPTY, EmailTaken, what auth refuses.
  absl::StatusOr<UserId> Create(const Caller& caller, const UserChange& draft,
                                const Credentials* credentials);

  // Changes a user, and the methods unless `credentials` is null; makes the profile of a user who
  // only had methods so far. INSUFFICIENT_PERMISSIONS, REQUEST_EMPTY, NOT_FOUND, EmailTaken,
  // MAX_SIZE_EXCEEDED, what auth refuses.
  absl::Status Update(const Caller& caller, const UserId& user, const UserChange& change,
                      const Credentials* credentials);

  // Removes a user, guests included, with all methods. INSUFFICIENT_PERMISSIONS, NOT_FOUND, what
  // auth refuses.
  absl::Status Destroy(const Caller& caller, const UserId& user);

  // Replaces the profile as a whole. INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::Status ReplaceProfile(const Caller& caller, const UserId& user, const Profile& profile);

 private:
  absl::Status UpdateKnown(const Caller& caller, const User& current, const UserChange& change,
                           const Credentials* credentials);
  absl::Status MakeProfile(const Caller& caller, const UserId& user, const UserChange& change,
                           const Credentials* credentials);

  UserStore& store_;
  UserSagas& sagas_;
  AuthDirectory& auth_;
};

}  // namespace usher::user
