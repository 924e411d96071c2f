// SIGTERM and SIGINT as something to wait for.
#pragma once

#include "absl/time/time.h"

namespace usher::server {

// Blocks both signals in this thread and in all that it starts; before the first thread is started.
// SIGPIPE is ignored: a client that goes away is no reason to end.
void BlockStopSignals();

// True when one of them came within `patience`. Called by one thread.
bool WaitForStopSignal(absl::Duration patience);

}  // namespace usher::server
