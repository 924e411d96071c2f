#include "services/room/engine/engine_upkeep.h"

#include "common/base/in_pieces.h"

namespace usher::room {
namespace {

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
  return InPieces("engine upkeep", repeating_, [this](const CallContext& call, int64_t most) {
    return store_.ForgetOld(call, most);
  });
}

}  // namespace usher::room
