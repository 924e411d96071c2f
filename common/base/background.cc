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
// Times that something took as long as it computed: no rest up to the one, the longest from the
// other on.
constexpr double kUndisturbed = 1.5;
constexpr double kInTheWay = 2;

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

absl::Duration RestAfter(absl::Duration took, absl::Duration computed) {
  if (computed <= absl::ZeroDuration()) return absl::ZeroDuration();
  const double times = absl::FDivDuration(took, computed);
  return std::min(kLongestRest, kRestsPerWork * took) *
         std::clamp((times - kUndisturbed) / (kInTheWay - kUndisturbed), 0.0, 1.0);
}

}  // namespace usher
