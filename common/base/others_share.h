// How much of the machine others make use of.
#pragma once

#include <ctime>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace usher {

// Of all cores together, since the machine was started.
struct CoreTime {
  absl::Duration busy;
  absl::Duration all;
};

// Of what /proc/stat begins with (proc(5)): idle, waiting for a disk and stolen by the hypervisor
// is not busy. Nothing where it is no such text.
std::optional<CoreTime> ParseCoreTime(absl::string_view stat);

// Nothing where /proc is not there.
std::optional<CoreTime> ReadCoreTime();

// The part of all cores that others than some threads of this process take: other threads of it,
// its database, whatever else runs here (in a container, on the machine around it). Thread-safe.
class OthersShare {
 public:
  using Look = std::function<std::optional<CoreTime>()>;

  explicit OthersShare(Look look = ReadCoreTime, const Clock& clock = BootClock::Get())
      : look_(std::move(look)), clock_(clock) {}

  // The calling thread is not one of the others. It lives as long as this is asked.
  void LeaveOut();

  // From 0 to 1, since the last look, a tenth of a second ago or longer; nothing if it was later. 0
  // where that is not of late any more (a second), or cannot be known.
  std::optional<double> OfLate();

 private:
  struct Seen {
    absl::Time when;
    CoreTime cores;
    absl::Duration left_out;  // what the threads that are left out had computed by then
  };

  const Look look_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::vector<clockid_t> left_out_ ABSL_GUARDED_BY(mutex_);
  std::optional<Seen> seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher
