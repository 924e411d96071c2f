// What can go wrong on the way to another service, arranged by a test.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_context.h"
#include "common/status/try.h"

namespace usher {

// For fakes of other services. `Deed`: an enumeration of what may be asked. Thread-safe.
template <class Deed>
class Trouble {
 public:
  // Until Heal(), every such call fails without doing anything...
  void FailBefore(Deed deed, absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    arranged_[deed].before = std::move(failure);
  }
  // ... or does it, and fails: the answer is lost.
  void FailAfter(Deed deed, absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    arranged_[deed].after = std::move(failure);
  }
  // Run once, while the next such call is on its way there, or on its way back.
  void OnTheWayTo(Deed deed, std::function<void()> run) {
    const absl::MutexLock lock(&mutex_);
    arranged_[deed].on_the_way_to = std::move(run);
  }
  void OnTheWayBackFrom(Deed deed, std::function<void()> run) {
    const absl::MutexLock lock(&mutex_);
    arranged_[deed].on_the_way_back = std::move(run);
  }
  void Heal() {
    const absl::MutexLock lock(&mutex_);
    arranged_.clear();
  }
  // What was asked so far, in this order.
  std::vector<Deed> asked() const {
    const absl::MutexLock lock(&mutex_);
    return asked_;
  }

  // For the fake: answers what `body()` does, with what was arranged around it. The hooks run
  // without the lock: they may ask again.
  template <class Answer, class Body>
  Answer Do(Deed deed, Body body) {
    if (const auto run = Take(deed, &Arranged::on_the_way_to)) run();
    Answer answer = [&]() -> Answer {
      const absl::MutexLock lock(&mutex_);
      asked_.push_back(deed);
      RETURN_IF_ERROR(arranged_[deed].before);
      Answer done = body();
      RETURN_IF_ERROR(arranged_[deed].after);
      return done;
    }();
    if (const auto run = Take(deed, &Arranged::on_the_way_back)) run();
    return answer;
  }

 private:
  struct Arranged {
    absl::Status before;
    absl::Status after;
    std::function<void()> on_the_way_to;
    std::function<void()> on_the_way_back;
  };

  std::function<void()> Take(Deed deed, std::function<void()> Arranged::*hook) {
    const absl::MutexLock lock(&mutex_);
    return std::exchange(arranged_[deed].*hook, nullptr);
  }

  mutable absl::Mutex mutex_;
  std::map<Deed, Arranged> arranged_ ABSL_GUARDED_BY(mutex_);
  std::vector<Deed> asked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher
