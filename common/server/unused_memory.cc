#include "common/server/unused_memory.h"

#include <malloc.h>
#include <time.h>

#include "absl/time/clock.h"

namespace usher::server {
namespace {

constexpr size_t kWorthItWhenIdle = 8 * 1024 * 1024;
constexpr size_t kWorthItWhenBusy = 128 * 1024 * 1024;
constexpr absl::Duration kBetweenWhenBusy = absl::Seconds(30);
constexpr double kIdle = 0.1;  // of one core

absl::Duration ProcessorTime() {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return absl::DurationFromTimespec(used);
}

}  // namespace

void UnusedMemory::GiveBack() {
  const absl::Time now = absl::Now();
  const absl::Duration used = ProcessorTime();
  const bool first = last_call_ == absl::InfinitePast();
  const bool idle = !first && used - used_at_last_call_ < kIdle * (now - last_call_);
  last_call_ = now;
  used_at_last_call_ = used;
  if (first || (!idle && now - given_back_ < kBetweenWhenBusy)) return;
#if defined(__GLIBC__)
  const struct mallinfo2 memory = mallinfo2();
  if (memory.fordblks < (idle ? kWorthItWhenIdle : kWorthItWhenBusy)) return;
  malloc_trim(0);
  given_back_ = now;
#endif
}

}  // namespace usher::server
