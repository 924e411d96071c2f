#include "common/base/background.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <ctime>
#include <mutex>

namespace usher {
namespace {

constexpr int kBehindOthers = 10;
constexpr int64_t kBetweenOffers = 200'000;  // nanoseconds

thread_local volatile sig_atomic_t offers = 0;

// sched_yield is a plain system call that always succeeds and leaves errno alone.
void Offer(int /*signal*/) {
  sched_yield();
  offers = offers + 1;
}

int OfferSignal() { return SIGRTMIN; }

void HandleOffers() {
  struct sigaction action {};
  action.sa_handler = Offer;
  action.sa_flags = SA_RESTART;
  sigaction(OfferSignal(), &action, nullptr);
}

// Sends the signal to the thread that made it (timer_create(2), SIGEV_THREAD_ID).
class Timer {
 public:
  Timer() {
    static std::once_flag once;
    std::call_once(once, HandleOffers);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = OfferSignal();
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    made_ = timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
  }
  ~Timer() {
    if (made_) timer_delete(timer_);
  }
  // 0: never. Without a timer (RLIMIT_SIGPENDING) nothing is offered, and all else goes on.
  void Every(int64_t nanoseconds) {
    const itimerspec often{{0, nanoseconds}, {0, nanoseconds}};
    if (made_) timer_settime(timer_, 0, &often, nullptr);
  }

 private:
  timer_t timer_{};
  bool made_ = false;
};

Timer& TimerOfThisThread() {
  thread_local Timer timer;
  return timer;
}

}  // namespace

// Both are of the calling thread alone (setpriority(2), "C library/kernel differences"; sched(7)).
void GoToBackground() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_IDLE, &none);
}

void StandBehind() { setpriority(PRIO_PROCESS, 0, kBehindOthers); }

OfferingCore::OfferingCore() { TimerOfThisThread().Every(kBetweenOffers); }

OfferingCore::~OfferingCore() { TimerOfThisThread().Every(0); }

int OfferingCore::offered() { return offers; }

}  // namespace usher
