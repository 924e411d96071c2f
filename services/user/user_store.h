// Where users are kept.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/user/user.h"

namespace usher::user {

// What becomes of a user who is locked; a failure leaves the user as it was. May be called several
// times, as a transaction may be run again.
using DecideUpdate = std::function<absl::StatusOr<UserWrite>(const User&)>;

// Thread-safe. Sees active users only, but for RequireEmailFree. Errors besides those named:
// sql_error.h.
class UserStore {
 public:
  virtual ~UserStore() = default;

  // All users of the company, or those of `ids` that it has, in the order of their creation.
  // ReplyTooLarge, without having read them, for users who surely do not fit into one reply; what
  // just does not fit is for the one who writes them to find out. Without `with_metadata` the
  // metadata are empty.
  virtual absl::StatusOr<std::vector<User>> List(const CallContext& call, const CompanyId& company,
                                                 bool with_metadata) = 0;
  virtual absl::StatusOr<std::vector<User>> FindSome(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::vector<UserId>& ids,
                                                     bool with_metadata) = 0;
  // The same for the IDs of all users.
  virtual absl::StatusOr<std::vector<UserId>> ListIds(const CallContext& call,
                                                      const CompanyId& company) = 0;
  // Nothing when there is no such user.
  virtual absl::StatusOr<std::optional<User>> Find(const CallContext& call, const UserKey& key) = 0;
  // OK when nobody but the user has the address. EmailTaken, EmailInMotion.
  virtual absl::Status RequireEmailFree(const CallContext& call, const UserKey& key,
                                        const std::string& email) = 0;
  // Locks the user and writes what `decide` answers. False when there is no such user. EmailTaken,
  // EmailInMotion; fails as `decide` does.
  virtual absl::StatusOr<bool> Update(const CallContext& call, const UserKey& key,
                                      const DecideUpdate& decide) = 0;
  // True when there was such a user, who has that profile now.
  virtual absl::StatusOr<bool> ReplaceProfile(const CallContext& call, const UserKey& key,
                                              const Profile& profile) = 0;
};

}  // namespace usher::user
