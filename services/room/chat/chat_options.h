// The flags of chat.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::room {

struct ChatOptions {
  absl::Duration retention = absl::Hours(90 * 24);  // zero: for ever
};

// kInvalidArgument with one line for a person.
absl::StatusOr<ChatOptions> ReadChatOptions();

}  // namespace usher::room
