#include "services/room/engine/engine_options.h"

#include "absl/flags/flag.h"

ABSL_FLAG(absl::Duration, presence_lifetime, absl::Seconds(90),
          "How long what a media engine reports counts; 3 seconds to 1 hour. Engines are told to "
          "report three times as often.");

ABSL_FLAG(std::string, livekit, "",
          "File that says on which LiveKit server the rooms of which company are "
          "(docs/operations.md, \"LiveKit\"). Read again on SIGHUP. Empty: no join link has a "
          "LiveKit token.");

namespace usher::room {

absl::StatusOr<EngineOptions> ReadEngineOptions() {
  EngineOptions options;
  options.presence_lifetime = absl::GetFlag(FLAGS_presence_lifetime);
  options.livekit = absl::GetFlag(FLAGS_livekit);
  if (options.presence_lifetime < absl::Seconds(3) || options.presence_lifetime > absl::Hours(1)) {
    return absl::InvalidArgumentError("--presence_lifetime must be from 3s to 1h");
  }
  return options;
}

}  // namespace usher::room
