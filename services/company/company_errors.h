// The failures of the company service, each once.
#pragma once

#include "absl/status/status.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::company {

inline absl::Status ReplyTooLarge() {
  return rpc::ReplyTooLarge(
      "ask for fewer companies with limit and companyIdFrom or companyIdList, without "
      "includeMetadata, or with returnObjectIdsOnly");
}

inline absl::Status CompanyTaken() {
  return ActionInvalid("there is a company with this ID already; choose another display name");
}

inline absl::Status CompanyIdNotAllowed() {
  return ActionInvalid(
      "company.displayName comes to an ID that is reserved, or to none: 3 to 63 of a-z, 0-9 and "
      "hyphens");
}

// The feed still says that tokens of this ID are dead.
inline absl::Status NameRests() {
  return ActionInvalid(
      "a company with this ID was destroyed a short time ago; its ID is free again in some "
      "minutes");
}

inline absl::Status OperatorStays() {
  return ActionInvalid("the operator's company cannot be destroyed");
}

// Undecided: whether the ID is free depends on how another call ends.
inline absl::Status CompanyInMotion() {
  return absl::UnavailableError(
      "a company with this ID is just being founded or destroyed; nothing was changed, try again");
}

// Undecided: the first call with this idempotency-key has not ended yet.
inline absl::Status FoundingUnsettled() {
  return absl::UnavailableError(
      "the founding that this idempotency-key began is still being settled; try again");
}

// Undecided: it was given up, by this call or by a sister replica.
inline absl::Status FoundingGivenUp() {
  return absl::UnavailableError(
      "the founding could not be ended and was given up; nothing was changed, try again");
}

// In doubt: begun, and settled by the sweeper.
inline absl::Status FoundingInDoubt() {
  return InDoubt("the founding has begun, and is completed or given up soon");
}
inline absl::Status DestructionInDoubt() {
  return InDoubt("the destruction has begun, and is completed or given up soon");
}

}  // namespace usher::company
