// Long computations that must not be in anybody's way.
#pragma once

namespace usher {

// Makes the calling thread one that works where nobody else wants a core (SCHED_IDLE, sched(7)).
void GoToBackground();

// Makes the calling thread stand behind others, with a tenth of the usual weight (nice 10).
void StandBehind();

// While one of these lives, the calling thread offers its core to others 5,000 times a second.
// Being SCHED_IDLE is not enough: since Linux 6.6 the scheduler (EEVDF) may leave the core to such
// a thread until the next tick, 4 ms, however urgent others are. Costs half a percent.
class OfferingCore {
 public:
  OfferingCore();
  ~OfferingCore();
  OfferingCore(const OfferingCore&) = delete;
  OfferingCore& operator=(const OfferingCore&) = delete;

  // How often this thread did, so far.
  static int offered();
};

}  // namespace usher
