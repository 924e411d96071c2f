#include "services/auth/housekeeping.h"

#include "absl/time/clock.h"
#include "common/status/try.h"
#include "services/auth/local_auth_source.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kLongestCleanUp = absl::Seconds(30);
constexpr absl::Duration kLongestPiece = absl::Seconds(5);
// The end of a session is counted by the database's clock: this machine's may be ahead of it.
constexpr absl::Duration kClockSkew = absl::Minutes(1);

// Longer than anybody asks whether an API key is still in use.
constexpr absl::Duration kUseLife = absl::Hours(24 * 400);

// No call is on its way for so long.
constexpr absl::Duration kGivenUpLife = absl::Hours(24);

// Of one that has expired: so long is remembered how often an hour it was asked for.
constexpr absl::Duration kResetLife = absl::Hours(1);

RepeatingOptions HousekeepingRhythm(prometheus::Registry* registry) {
  return {.name = "auth housekeeping",
          .period = absl::Minutes(1),
          .longest_retry = absl::Minutes(1),
          .registry = registry};
}

}  // namespace

Housekeeping::Housekeeping(SessionStore& sessions, MethodUses& uses, RevocationStore& revocations,
                           KnownCompanyStore& companies, ThrottleStore& throttle,
                           uint64_t most_guesses, ResetStore& resets, const Clock& clock,
                           prometheus::Registry* registry)
    : sessions_(sessions),
      uses_(uses),
      revocations_(revocations),
      companies_(companies),
      throttle_(throttle),
      most_guesses_(most_guesses),
      resets_(resets),
      clock_(clock),
      repeating_(HousekeepingRhythm(registry), [this] { return CleanUp(); }) {}

absl::Status Housekeeping::CleanUp() {
  CallContext call;
  call.rpc = "auth.housekeeping";
  call.request_id = "housekeeping";
  call.deadline = absl::Now() + kLongestCleanUp;
  call.cancelled = repeating_.ending();
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(uses_.Write(call));
  RETURN_IF_ERROR(sessions_.ForgetUses(call, now - kUseLife));
  RETURN_IF_ERROR(sessions_.ForgetExpired(call, now - kClockSkew));
  RETURN_IF_ERROR(resets_.Forget(call, kResetLife));
  RETURN_IF_ERROR(companies_.ForgetGivenUp(call, now - kGivenUpLife));
  RETURN_IF_ERROR(revocations_.ForgetRevocations(call, now - kRevocationLife));
  // What is left when the time is up waits for the next round.
  bool more = true;
  while (more && absl::Now() < call.deadline - kLongestPiece) {
    ASSIGN_OR_RETURN(more, sessions_.ForgetEnded(call));
  }
  more = true;
  while (more && absl::Now() < call.deadline - kLongestPiece) {
    ASSIGN_OR_RETURN(more, throttle_.Forget(call, most_guesses_));
  }
  return absl::OkStatus();
}

}  // namespace usher::auth
