#include "common/base/in_pieces.h"

#include "absl/time/clock.h"

namespace usher {
namespace {

constexpr int64_t kRowsAtOnce = 1000;
constexpr absl::Duration kLongestAtOnce = absl::Seconds(5);

}  // namespace

absl::Status InPieces(const std::string& name, const Repeating& repeating,
                      const ForgetSome& forget) {
  while (!repeating.ending()->load()) {
    CallContext call;
    call.rpc = name;
    call.request_id = name;
    call.deadline = absl::Now() + kLongestAtOnce;
    call.cancelled = repeating.ending();
    const absl::StatusOr<int64_t> forgotten = forget(call, kRowsAtOnce);
    if (!forgotten.ok()) return forgotten.status();
    if (*forgotten < kRowsAtOnce) break;
  }
  return absl::OkStatus();
}

}  // namespace usher
