#include "services/room/chat/chat_housekeeping.h"

#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::room {
namespace {

// Some milliseconds of work for the database.
constexpr int64_t kPiece = 1000;
constexpr absl::Duration kLongestPiece = absl::Seconds(5);

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

absl::Status ChatHousekeeping::InPieces(
    const std::function<absl::StatusOr<int64_t>(const CallContext&, int64_t most)>& forget) {
  while (!repeating_.ending()->load()) {
    CallContext call;
    call.rpc = "chat_housekeeping";
    call.request_id = "chat_housekeeping";
    call.deadline = absl::Now() + kLongestPiece;
    call.cancelled = repeating_.ending();
    ASSIGN_OR_RETURN(const int64_t forgotten, forget(call, kPiece));
    if (forgotten < kPiece) break;
  }
  return absl::OkStatus();
}

absl::Status ChatHousekeeping::CleanUp() {
  RETURN_IF_ERROR(InPieces(
      [this](const CallContext& call, int64_t most) { return store_.ForgetGone(call, most); }));
  if (retention_ == absl::ZeroDuration()) return absl::OkStatus();
  return InPieces([this](const CallContext& call, int64_t most) {
    return store_.ForgetOld(call, retention_, most);
  });
}

}  // namespace usher::room
