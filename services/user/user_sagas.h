// Creating and removing users, which other services have a part in: all or nothing, whatever
// crashes when.
//
// A creation writes a user whom nobody sees, asks auth to know the user (the point of no return),
// and shows the user. A removal hides the user, asks auth to remove the user (the point of no
// return), and deletes. What is left in between is settled by asking auth which way it went.
// Whoever keeps something of a removed user is told after that by the sweeper, until all have been
// told.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/user/auth_directory.h"
#include "services/user/saga_store.h"
#include "services/user/user_traces.h"

namespace usher::user {

// Thread-safe. Blocks. Knows no permissions: auth checks the token of whoever makes the call, and
// so does class Users. What has begun and could not be settled at once is in doubt
// (CreationInDoubt ...): "nothing was changed" is said only where that is certain.
class UserSagas {
 public:
  // `lease`: how long a saga belongs to the call that began it (saga::LeaseFor).
  UserSagas(SagaStore& store, AuthDirectory& auth, UserTraces& traces, absl::Duration lease)
      : store_(store), auth_(auth), traces_(traces), lease_(lease) {}

  // Makes a user who signs in with `credentials` (none: who cannot sign in), and answers the ID;
  // the one of the first call where the idempotency key was used before. EmailTaken, EmailInMotion,
  // CreationUnsettled, CreationInDoubt, what auth refuses.
  absl::StatusOr<UserId> Create(const CallContext& call, const User& draft,
                                const std::optional<OpaqueCredentials>& credentials);

  // Makes the profile of a user whom auth knows already, and changes the methods where
  // there are credentials. UserNotFound, EmailTaken, EmailInMotion, UserInMotion,
  // CreationInDoubt, UpdateInDoubt, what auth refuses.
  absl::Status MakeProfile(const CallContext& call, const User& user,
                           const std::optional<OpaqueCredentials>& credentials);

  // Removes a user, with or without a profile; what other services keep of the user goes within
  // moments of it, or when they are back. UserNotFound, RemovalInDoubt, what auth refuses.
  absl::Status Remove(const CallContext& call, const UserId& user);

  // Settles one saga that was left behind, or is the sweeper's anyway, within the time of `sweep`;
  // false when there was none. A failure leaves it for another time.
  absl::StatusOr<bool> SettleOne(const CallContext& sweep);

 private:
  absl::Status ConcludeCreation(const CallContext& call, const UserKey& key,
                                const absl::Status& made);
  absl::Status ConcludeRemoval(const CallContext& call, const UserKey& key, BegunRemoval begun,
                               const absl::Status& failure);
  absl::Status Complete(const CallContext& call, const UserKey& key);
  absl::Status Settle(const Saga& saga);
  absl::Status SettleCreation(const CallContext& call, const UserKey& key);
  absl::Status SettleRemoval(const CallContext& call, const UserKey& key);
  absl::Status SettleForgetting(const CallContext& call, const UserKey& key);
  // Whether it is undone, and not left to the sweeper.
  bool UndoOrLeave(const CallContext& call, const UserKey& key, SagaKind kind);

  SagaStore& store_;
  AuthDirectory& auth_;
  UserTraces& traces_;
  const absl::Duration lease_;
};

}  // namespace usher::user
