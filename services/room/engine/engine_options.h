// The flags about media engines.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::room {

struct EngineOptions {
  // How long a report counts; engines are told to report three times as often.
  absl::Duration presence_lifetime = absl::Seconds(90);
  // File with the LiveKit servers of companies; empty: there are none.
  std::string livekit;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<EngineOptions> ReadEngineOptions();

}  // namespace usher::room
