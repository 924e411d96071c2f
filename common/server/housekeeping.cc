#include "common/server/housekeeping.h"

#include "absl/time/clock.h"
#include "common/db/retention.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

// Some milliseconds of work for the database.
constexpr int64_t kPiece = 1000;
constexpr absl::Duration kLongestPiece = absl::Seconds(5);

RepeatingOptions Rhythm(prometheus::Registry* registry) {
  return {.name = "housekeeping",
          .period = absl::Minutes(1),
          .longest_retry = absl::Minutes(1),
          .registry = registry};
}

}  // namespace

Housekeeping::Housekeeping(db::Pool& pool, absl::Duration audit_retention,
                           prometheus::Registry* registry)
    : pool_(pool),
      audit_retention_(audit_retention),
      repeating_(Rhythm(registry), [this] { return CleanUp(); }) {}

absl::Status Housekeeping::InPieces(
    const std::function<absl::StatusOr<int64_t>(const CallContext&, int64_t most)>& forget) {
  while (!repeating_.ending()->load()) {
    CallContext call;
    call.rpc = "housekeeping";
    call.request_id = "housekeeping";
    call.deadline = absl::Now() + kLongestPiece;
    call.cancelled = repeating_.ending();
    ASSIGN_OR_RETURN(const int64_t forgotten, forget(call, kPiece));
    if (forgotten < kPiece) break;
  }
  return absl::OkStatus();
}

absl::Status Housekeeping::CleanUp() {
  RETURN_IF_ERROR(InPieces([this](const CallContext& call, int64_t most) {
    return db::ForgetOldIdempotencyKeys(call, pool_, most);
  }));
  if (audit_retention_ == absl::ZeroDuration()) return absl::OkStatus();
  return InPieces([this](const CallContext& call, int64_t most) {
    return db::ForgetOldAudit(call, pool_, audit_retention_, most);
  });
}

}  // namespace usher::server
