#include "common/server/housekeeping.h"

#include "common/base/in_pieces.h"
#include "common/db/retention.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

constexpr char kCalls[] = "housekeeping";

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

absl::Status Housekeeping::CleanUp() {
  RETURN_IF_ERROR(InPieces(kCalls, repeating_, [this](const CallContext& call, int64_t most) {
    return db::ForgetOldIdempotencyKeys(call, pool_, most);
  }));
  if (audit_retention_ == absl::ZeroDuration()) return absl::OkStatus();
  return InPieces(kCalls, repeating_, [this](const CallContext& call, int64_t most) {
    return db::ForgetOldAudit(call, pool_, audit_retention_, most);
  });
}

}  // namespace usher::server
