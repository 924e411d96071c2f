// What the tests here judge by: how long well-behaved callers wait, whether calls end in time, and
// whether memory is given back.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace usher::chaos {

// Set by hand for longer runs: USHER_CHAOS_SECONDS is how long the random case lasts.
absl::Duration LengthOfTheStorm();

// Something that goes on in the background for as long as it lives, while it is switched on.
class Trouble {
 public:
  // Each of the threads runs `once` again and again, at most every `period`.
  Trouble(int threads, absl::Duration period, std::function<void()> once);
  ~Trouble() { Stop(); }

  // Waits for what is under way.
  void Stop();
  // Off: waits for what is under way as well.
  void Set(bool on);
  int rounds() const { return rounds_.load(); }

 private:
  std::atomic<bool> on_{false};
  std::atomic<bool> ending_{false};
  std::atomic<int> rounds_{0};
  std::atomic<int> under_way_{0};
  std::vector<std::thread> threads_;
};

// One well-behaved call; its status is judged as well.
using Ask = std::function<grpc::Status()>;

// Asks while it is quiet and while there is trouble, in turns. True when no call failed and the
// slowest hundredth did not take more than twice as long in trouble (or 25 ms, below which the
// machine's own noise is larger). Measures three times before it says no.
::testing::AssertionResult IsUndisturbed(const Ask& ask, const std::function<void(bool)>& trouble);

// Waits until `holds`; false when it takes longer.
bool Await(absl::Duration patience, const std::function<bool()>& holds);

// Resident memory of a process in bytes, now and at its highest since ForgetPeak.
int64_t MemoryOf(pid_t process);
int64_t PeakMemoryOf(pid_t process);
void ForgetPeak(pid_t process);
// Whether the servers hold memory as they do in production: not so under AddressSanitizer, which
// keeps what was freed.
bool MemoryCanBeJudged();
// Waits until the process has given back what it took beyond `before`, but for `bound`.
::testing::AssertionResult GivesMemoryBack(pid_t process, int64_t before, int64_t bound,
                                           absl::Duration patience = absl::Seconds(15));

inline constexpr int64_t kMiB = 1024 * 1024;

}  // namespace usher::chaos
