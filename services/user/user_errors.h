// The failures of the user service, each once.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::user {

inline absl::Status EmailTaken() {
  return ActionInvalid("user.email belongs to another user of this company");
}

// Undecided: whether the address is free depends on how another call ends.
inline absl::Status EmailInMotion() {
  return absl::UnavailableError(
      "a user with this e-mail address is just being made or removed; nothing was changed, try "
      "again");
}

// In doubt, as part of the update took place: the credentials were changed before.
inline absl::Status ChangedMeanwhile() {
  return InDoubt(
      "the credentials were changed, and then somebody else changed the user at the same time");
}
inline absl::Status UpdateInDoubt() {
  return InDoubt("the credentials were changed or not, and so was the rest of the user");
}

// In doubt: begun, and settled by the sweeper.
inline absl::Status CreationInDoubt() {
  return InDoubt("the creation has begun, and is completed or given up soon");
}
inline absl::Status RemovalInDoubt() {
  return InDoubt("the removal has begun, and is completed or given up soon");
}

// Undecided: the first call with this idempotency-key has not ended yet.
inline absl::Status CreationUnsettled() {
  return absl::UnavailableError(
      "the creation that this idempotency-key began is still being settled; try again");
}

// Undecided: a sister replica gave the creation up, because it took too long.
inline absl::Status CreationGivenUp() {
  return absl::UnavailableError(
      "the creation took too long and was given up; nothing was changed, try again");
}

// Undecided: there is a user of this ID who cannot be seen yet or any more.
inline absl::Status UserInMotion() {
  return absl::UnavailableError(
      "the user is just being made or removed; nothing was changed, try again");
}

// For tokens that tell of nobody else, whatever they hold.
inline absl::Status OnlyOneself() {
  return PermissionMissing(
      "being that user: guests, join and activation tokens are told of no other");
}

inline absl::Status GuestHasNoProfile() {
  return ActionInvalid("the user is a guest; guests have no profile");
}

inline absl::Status ReplyTooLarge() {
  return rpc::ReplyTooLarge(
      "ask for fewer users with userIdList, without includeMetadata, or with returnObjectIdsOnly");
}

}  // namespace usher::user
