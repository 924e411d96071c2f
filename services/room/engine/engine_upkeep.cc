#include "services/room/engine/engine_upkeep.h"

#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

constexpr int64_t kReportsAtOnce = 1000;
constexpr absl::Duration kLongestForgetting = absl::Seconds(5);

RepeatingOptions UpkeepRhythm(prometheus::Registry* registry) {
  return {.name = "engine upkeep",
          .period = absl::Minutes(1),
          .longest_retry = absl::Minutes(1),
          .registry = registry};
}

}  // namespace

EngineUpkeep::EngineUpkeep(EngineStore& store, prometheus::Registry* registry)
    : store_(store), repeating_(UpkeepRhythm(registry), [this] { return CleanUp(); }) {}

absl::Status EngineUpkeep::CleanUp() {
  while (!repeating_.ending()->load()) {
    CallContext call;
    call.rpc = "engine upkeep";
    call.request_id = "engine upkeep";
    call.deadline = absl::Now() + kLongestForgetting;
    call.cancelled = repeating_.ending();
    ASSIGN_OR_RETURN(const int64_t forgotten, store_.ForgetOld(call, kReportsAtOnce));
    if (forgotten < kReportsAtOnce) break;
  }
  return absl::OkStatus();
}

}  // namespace usher::room
