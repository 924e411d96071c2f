#include "services/auth/directory/directory_checks.h"

#include "common/base/id.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kPeriod = absl::Seconds(5);
// What one round has for its statements. What it asks directories has time of its own.
constexpr absl::Duration kLongestRound = absl::Minutes(10);

}  // namespace

DirectoryChecks::DirectoryChecks(DirectoryPresence& presence, const Clock& clock,
                                 prometheus::Registry* registry)
    : presence_(presence),
      clock_(clock),
      repeating_({.name = "directories", .period = kPeriod, .registry = registry},
                 [this] { return Round(); }) {}

absl::Status DirectoryChecks::Round() {
  CallContext call;
  call.rpc = "auth.directories";
  call.request_id = NewUuid();
  call.deadline = clock_.Now() + kLongestRound;
  call.cancelled = repeating_.ending();
  return presence_.CheckAll(call);
}

}  // namespace usher::auth
