#include "services/room/engine/engine_upkeep.h"

#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

constexpr int64_t kPiece = 1000;
constexpr absl::Duration kLongestPiece = absl::Seconds(5);

RepeatingOptions Rhythm(prometheus::Registry* registry) {
  return {.name = "engine upkeep",
          .period = absl::Minutes(1),
          .longest_retry = absl::Minutes(1),
          .registry = registry};
}

}  // namespace

EngineUpkeep::EngineUpkeep(EngineStore& store, prometheus::Registry* registry)
    : store_(store), repeating_(Rhythm(registry), [this] { return CleanUp(); }) {}

absl::Status EngineUpkeep::CleanUp() {
  while (!repeating_.ending()->load()) {
    CallContext call;
    call.rpc = "engine upkeep";
    call.request_id = "engine upkeep";
    call.deadline = absl::Now() + kLongestPiece;
    call.cancelled = repeating_.ending();
    ASSIGN_OR_RETURN(const int64_t forgotten, store_.ForgetOld(call, kPiece));
    if (forgotten < kPiece) break;
  }
  return absl::OkStatus();
}

}  // namespace usher::room
