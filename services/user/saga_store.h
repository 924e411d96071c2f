// Where creations and removals are kept while other services have a part in them.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/user/user.h"

namespace usher::user {

enum class SagaKind {
  kCreation = 1,
  kRemoval = 2,
  kForgetting = 3,  // the user is gone; other services are yet to be told
};

// The numbers of a saga's state.
enum SagaState : int {
  kBegun = 0,
  kContested = 1,  // a second call wants the same removal: only auth's word settles it then
};

// A creation or removal that was left behind.
struct Saga {
  UserKey key;
  SagaKind kind = SagaKind::kCreation;
  CallContext call;  // as far as it is known: whose call it was, with its idempotency key
};

struct BegunCreation {
  enum class Outcome {
    kBegun,
    kMadeBefore,      // a call with the same idempotency key made `user`
    kUnsettled,       // a call with the same idempotency key is not through yet
    kAlreadyPresent,  // there is a user with this ID, in whatever state, or one is being forgotten
  };
  Outcome outcome = Outcome::kBegun;
  UserId user;  // kBegun, kMadeBefore
};

enum class BegunRemoval {
  kBegun,
  kJoined,       // another call is removing the user already
  kStillMaking,  // the user is being created, and not seen by anybody
  kNoProfile,    // no row: nothing begun
};

// Thread-safe. A saga belongs to whoever began or claimed it until `lease` is over. What completes
// or undoes does nothing, and is OK, where that was done before. Errors besides those named:
// sql_error.h.
class SagaStore {
 public:
  virtual ~SagaStore() = default;

  // Writes the user, seen by nobody, and binds the idempotency key. EmailTaken, EmailInMotion;
  // ACTION_INVALID when the key was used with another request.
  virtual absl::StatusOr<BegunCreation> BeginCreation(const CallContext& call, const UserKey& key,
                                                      const User& user, absl::Duration lease) = 0;
  // The user is seen from now on.
  virtual absl::Status CompleteCreation(const CallContext& call, const UserKey& key) = 0;
  // The user never was; the idempotency key is free again.
  virtual absl::Status UndoCreation(const CallContext& call, const UserKey& key) = 0;

  // The user is seen by nobody from now on.
  virtual absl::StatusOr<BegunRemoval> BeginRemoval(const CallContext& call, const UserKey& key,
                                                    absl::Duration lease) = 0;
  // Deletes the user, in whatever state. What is under way goes on as kForgetting, for whoever
  // claims it first; it begins here where nothing was under way.
  virtual absl::Status CompleteRemoval(const CallContext& call, const UserKey& key) = 0;
  // The other services have been told.
  virtual absl::Status CompleteForgetting(const CallContext& call, const UserKey& key) = 0;
  // The user is seen again; unless another call has joined, which may be removing the user right
  // now: then it is left to whoever claims it.
  virtual absl::Status UndoRemoval(const CallContext& call, const UserKey& key) = 0;

  // The saga of any company whose lease ran out first, for `lease` from now on, and longer after
  // claims that led to nothing; nothing when there is none. No two claim the same one. What was
  // contested before is not any more.
  virtual absl::StatusOr<std::optional<Saga>> Claim(const CallContext& call,
                                                    absl::Duration lease) = 0;
};

}  // namespace usher::user
