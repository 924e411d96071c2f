// Memory that a burst has left behind.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace usher::server {

// Gives it back to the system. The allocator (glibc's) keeps what was freed for the next burst, for
// ever; giving it back takes its locks for some milliseconds. Called every few seconds by one
// thread.
class UnusedMemory {
 public:
  // Gives back what is free, if that is worth it: 8 MiB where the process has hardly worked since
  // the last call, and 128 MiB, once in half a minute, where it is busy.
  void GiveBack();

 private:
  absl::Time last_call_ = absl::InfinitePast();
  absl::Time given_back_ = absl::InfinitePast();
  absl::Duration used_at_last_call_;  // processor time
};

}  // namespace usher::server
