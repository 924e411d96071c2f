// The feed that makes tokens die everywhere, as it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/token/revocations.h"

namespace usher::auth {

// Something that is no longer good from now on: a revocation that has no place in the feed yet, and
// no date.
struct RevocationDraft {
  token::RevocationKind kind = token::RevocationKind::kSession;
  std::string subject;  // session ID or user ID; empty for a company
  token::RevocationReason reason = token::RevocationReason::kSignedOut;
  // It never comes back (an ended session, a removed user): tokens that are being signed this very
  // moment are dead as well.
  bool final = true;
};

// What a change ended: already in the feed, and to be applied to this process at once.
using Ended = std::vector<token::Revocation>;

// Thread-safe. The platform's own: every service follows the revocations of all companies. Rows are
// written by the changes that end something, in their transactions. Errors: sql_error.h.
class RevocationStore {
 public:
  virtual ~RevocationStore() = default;

  static constexpr size_t kLargestPage = 1000;  // of ListRevocations
  // At most kLargestPage rows after a position, in order; of them only what ended tokens issued
  // after `horizon`.
  virtual absl::StatusOr<std::vector<token::Revocation>> ListRevocations(const CallContext& call,
                                                                         int64_t after,
                                                                         absl::Time horizon) = 0;
  // Deletes revocations that no token can meet any more; housekeeping.
  virtual absl::Status ForgetRevocations(const CallContext& call, absl::Time horizon) = 0;
};

}  // namespace usher::auth
