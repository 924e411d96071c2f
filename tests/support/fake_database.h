// Tables in memory, with what a database gives to whoever changes them.
#pragma once

#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/status/try.h"

namespace usher {

// Thread-safe. `Tables`: copied before each use, so they are best small.
template <class Tables>
class FakeDatabase {
 public:
  explicit FakeDatabase(Tables tables) : tables_(std::move(tables)) {}

  // Everything fails with this from now on; OK: no longer.
  void FailWith(absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }

  // As a transaction, and one after the other: what `body` has written is kept if it answers OK.
  template <class Body, class Answer = std::invoke_result_t<Body, Tables&>>
  Answer Do(Body body) {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    Tables after = tables_;
    Answer answer = body(after);
    if (answer.ok()) tables_ = std::move(after);
    return answer;
  }

  // What tests arrange or look at behind the back of whoever uses it; `body` may not fail.
  template <class Body>
  auto Peek(Body body) {
    const absl::MutexLock lock(&mutex_);
    return body(tables_);
  }

 private:
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  Tables tables_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher
