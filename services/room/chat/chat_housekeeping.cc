#include "services/room/chat/chat_housekeeping.h"

#include "common/base/in_pieces.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

constexpr char kCalls[] = "chat_housekeeping";

RepeatingOptions Rhythm(prometheus::Registry* registry) {
  return {.name = "chat housekeeping",
          .period = absl::Minutes(1),
          .longest_retry = absl::Minutes(1),
          .registry = registry};
}

}  // namespace

ChatHousekeeping::ChatHousekeeping(ChatStore& store, absl::Duration retention,
                                   prometheus::Registry* registry)
    : store_(store),
      retention_(retention),
      repeating_(Rhythm(registry), [this] { return CleanUp(); }) {}

absl::Status ChatHousekeeping::CleanUp() {
  RETURN_IF_ERROR(InPieces(kCalls, repeating_, [this](const CallContext& call, int64_t most) {
    return store_.ForgetGone(call, most);
  }));
  if (retention_ == absl::ZeroDuration()) return absl::OkStatus();
  return InPieces(kCalls, repeating_, [this](const CallContext& call, int64_t most) {
    return store_.ForgetOld(call, retention_, most);
  });
}

}  // namespace usher::room
