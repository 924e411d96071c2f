// The flags about media engines.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::room {

struct EngineOptions {
  // How long a report counts; engines are told to report three times as often.
  absl::Duration presence_lifetime = absl::Seconds(90);
};

// kInvalidArgument with one line for a person.
absl::StatusOr<EngineOptions> ReadEngineOptions();

}  // namespace usher::room
