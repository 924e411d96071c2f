#include "services/room/parts.h"

#include <utility>

#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<Config> ReadConfig() {
  ASSIGN_OR_RETURN(RoomOptions own, ReadRoomOptions());
  ASSIGN_OR_RETURN(EngineOptions engines, ReadEngineOptions());
  ASSIGN_OR_RETURN(const ChatOptions chat, ReadChatOptions());
  return Config{.own = std::move(own), .engines = std::move(engines), .chat = chat};
}

}  // namespace usher::room
