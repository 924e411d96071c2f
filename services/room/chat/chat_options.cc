#include "services/room/chat/chat_options.h"

#include "absl/flags/flag.h"

ABSL_FLAG(absl::Duration, chat_retention, absl::Hours(90 * 24),
          "How long chat messages are kept; 0: for ever.");

namespace usher::room {

absl::StatusOr<ChatOptions> ReadChatOptions() {
  constexpr absl::Duration kLongest = absl::Hours(100 * 365 * 24);
  ChatOptions options;
  options.retention = absl::GetFlag(FLAGS_chat_retention);
  if (options.retention < absl::ZeroDuration() || options.retention > kLongest) {
    return absl::InvalidArgumentError("--chat_retention must be between 0s and 876000h");
  }
  return options;
}

}  // namespace usher::room
