// The file descriptors of this process.
#pragma once

namespace usher::server {

// Raises the limit of descriptors (RLIMIT_NOFILE, setrlimit(2)) as far as an ordinary process may,
// but not beyond a million; returns what it is then. Before the first server.
int RaiseDescriptorLimit();

// The limit as it is.
int DescriptorLimit();

// How many are in use. Looks through /proc, so for metrics only.
int DescriptorsInUse();

}  // namespace usher::server
