// What argon2id runs cost: so that a refusal costs the same whatever settings a hash was made with.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace usher::auth {

struct Argon2Run {
  uint64_t memory = 0;  // bytes
  uint64_t passes = 0;  // 0: no run at all
};

// Which of them costs more; the first, where both cost the same.
Argon2Run CostlierOf(const Argon2Run& first, const Argon2Run& second);

// What is left of `whole` when the hash `stored` (in PHC form) has been checked: a run that, with
// that check, costs about as much. None where the check alone costs as much or more, or is of no
// hash of ours.
Argon2Run RestOf(const Argon2Run& whole, absl::string_view stored);

// Does so, and keeps nothing of it.
void Spend(const Argon2Run& run);

}  // namespace usher::auth
