// Who asks without a token whether names are free does not try out all names that there are.
#pragma once

#include <cstddef>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace usher::company {

// QUOTA_EXCEEDED, with the seconds to wait.
absl::Status TooManyQuestions(absl::Duration wait);

// Counted in this process alone (docs/adr/0046). Thread-safe.
class AskingLimit {
 public:
  // Sources that are remembered at a time; while so many ask, further ones are not counted.
  static constexpr size_t kMostSources = 20'000;

  // `most_a_minute` 0: any number. The clock outlives it.
  AskingLimit(int most_a_minute, const Clock& clock);

  // TooManyQuestions for who has asked `most_a_minute` times in the last minute. `source` as in
  // CallContext; whoever comes by a Unix socket is on this machine, and is not counted.
  absl::Status Admit(const std::string& source);

 private:
  void ForgetWhoIsFree(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int most_a_minute_;
  const Clock& clock_;
  absl::Mutex mutex_;
  // When each would have asked everything at an even pace, one question after the other.
  absl::flat_hash_map<std::string, absl::Time> free_at_ ABSL_GUARDED_BY(mutex_);
  absl::Time looked_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace usher::company
