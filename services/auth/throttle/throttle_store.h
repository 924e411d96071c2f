// Where it is kept how often secrets were guessed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/throttle/guess.h"

namespace usher::auth {

// What a guess counts for, in keyed hashes: who reads the table learns no names and no addresses.
// Each is a UUID in form; empty: nothing is kept of it, and it reads as if nothing was counted.
struct GuessKeys {
  CompanyId company;  // of pair and account; a source is the platform's
  std::string pair;
  std::string account;
  std::string source;
};

// What becomes of the counts; a failure leaves them as they are. Pure: may be asked again.
using GuessRule = std::function<absl::StatusOr<GuessState>(const GuessState&)>;

// Thread-safe. Shared by all replicas. Errors: sql_error.h.
class ThrottleStore {
 public:
  virtual ~ThrottleStore() = default;

  virtual absl::StatusOr<GuessState> Read(const CallContext& call, const GuessKeys& keys) = 0;
  // What `rule` makes of the counts, while nobody else changes them; fails as it does. A crash of
  // the database within the next second may forget it.
  virtual absl::Status Change(const CallContext& call, const GuessKeys& keys,
                              const GuessRule& rule) = 0;

  // Housekeeping: deletes some of what says nothing any more, and, where there are more than
  // `most` rows, of those that would be forgotten first. False when there is no more to delete.
  virtual absl::StatusOr<bool> Forget(const CallContext& call, uint64_t most) = 0;
};

}  // namespace usher::auth
