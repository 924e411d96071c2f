// How much of a list a request asks for.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"

namespace usher {

// 0 is 100, also where the request names what it wants to see. RANGE_ERROR for more than 1,000.
absl::StatusOr<uint32_t> PageLimitFromWire(uint32_t limit);

}  // namespace usher
