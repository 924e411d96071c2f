#include "common/base/background.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace usher {
namespace {

constexpr int kBehindOthers = 5;
constexpr int kLast = 19;
constexpr absl::Duration kLongestRest = absl::Milliseconds(250);
constexpr int kRestsPerWork = 6;  // what took no time was in nobody's way
// How much of something is between no rest at all and the longest.
struct Slope {
  double none;
  double longest;
  double Of(double value) const { return std::clamp((value - none) / (longest - none), 0.0, 1.0); }
};
constexpr Slope kTimesAsLong{.none = 1.5, .longest = 2};  // that something took as it computed
constexpr Slope kShareOfOthers{.none = 0.2, .longest = 0.5};

}  // namespace

// Of the calling thread alone (setpriority(2), "C library/kernel differences"), and behind the
// first thread of the process: whoever has made this one may stand behind it already.
void StandBehind() {
  const auto first = static_cast<id_t>(getpid());
  setpriority(PRIO_PROCESS, 0, std::min(kLast, getpriority(PRIO_PROCESS, first) + kBehindOthers));
}

absl::Duration ComputedByThisThread() {
  timespec so_far{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &so_far);
  return absl::DurationFromTimespec(so_far);
}

absl::Duration RestAfter(absl::Duration took, absl::Duration computed, double others) {
  if (computed <= absl::ZeroDuration()) return absl::ZeroDuration();
  return std::min(kLongestRest, kRestsPerWork * took) *
         std::max(kTimesAsLong.Of(absl::FDivDuration(took, computed)), kShareOfOthers.Of(others));
}

}  // namespace usher
