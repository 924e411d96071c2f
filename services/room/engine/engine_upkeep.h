// Forgets what engines have not renewed.
#pragma once

#include <prometheus/registry.h>

#include "absl/status/status.h"
#include "common/base/repeating.h"
#include "services/room/engine/engine_store.h"

namespace usher::room {

// A thread in every replica. What it has not come to yet counts for nobody (Presence).
class EngineUpkeep {
 public:
  // `registry` may be null.
  EngineUpkeep(EngineStore& store, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // One round.
  absl::Status CleanUp();

 private:
  EngineStore& store_;
  Repeating repeating_;
};

}  // namespace usher::room
