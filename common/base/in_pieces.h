// Clearing up a little at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/repeating.h"

namespace usher {

// How many there were, `most` at the most.
using ForgetSome = std::function<absl::StatusOr<int64_t>(const CallContext& call, int64_t most)>;

// Calls `forget` until fewer are left than it may take (1,000: some milliseconds of work for the
// database), or `repeating` ends. `name`: of the calls.
absl::Status InPieces(const std::string& name, const Repeating& repeating,
                      const ForgetSome& forget);

}  // namespace usher
