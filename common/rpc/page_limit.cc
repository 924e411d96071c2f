#include "common/rpc/page_limit.h"

#include "common/status/reply_error.h"

namespace usher {

absl::StatusOr<uint32_t> PageLimitFromWire(uint32_t limit) {
  constexpr uint32_t kDefault = 100;
  constexpr uint32_t kLargest = 1000;
  if (limit > kLargest) return FieldOutOfRange("limit", "must be at most 1000");
  return limit == 0 ? kDefault : limit;
}

}  // namespace usher
