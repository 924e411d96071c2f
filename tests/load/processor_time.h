// What processes have used of the processors.
#pragma once

#include <sys/types.h>

#include "absl/time/time.h"

namespace usher::load {

// User and system time of a process so far; zero for process 0.
absl::Duration CpuOf(pid_t pid);
absl::Duration OwnCpu();

}  // namespace usher::load
