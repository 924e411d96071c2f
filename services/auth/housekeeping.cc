#include "services/auth/housekeeping.h"

#include "common/base/log.h"
#include "common/db/idempotency.h"
#include "common/status/try.h"
#include "services/auth/local_auth_source.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kBetweenRounds = absl::Minutes(1);
constexpr absl::Duration kLongestRound = absl::Seconds(30);
// The end of a session is counted by the database's clock: this machine's may be ahead of it.
constexpr absl::Duration kClockSkew = absl::Minutes(1);

}  // namespace

Housekeeping::Housekeeping(SessionStore& sessions, MethodStore& methods, db::Pool& pool,
                           const Clock& clock)
    : sessions_(sessions), methods_(methods), pool_(pool), clock_(clock) {}

Housekeeping::~Housekeeping() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::Start() {
  thread_ = std::thread([this] { Run(); });
}

absl::Status Housekeeping::CleanUp() {
  CallContext call;
  call.rpc = "auth.housekeeping";
  call.request_id = "housekeeping";
  call.deadline = absl::Now() + kLongestRound;
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(sessions_.ForgetExpired(call, now - kClockSkew));
  RETURN_IF_ERROR(methods_.ForgetRevocations(call, now - kRevocationLife));
  return db::ForgetOldIdempotencyKeys(call, pool_);
}

void Housekeeping::Run() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&ending_), kBetweenRounds)) return;
    }
    const absl::Status status = CleanUp();
    if (!status.ok()) log::Warning("housekeeping failed", {{"error", status.message()}});
  }
}

}  // namespace usher::auth
