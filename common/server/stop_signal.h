// SIGTERM, SIGINT and SIGHUP, from the start of a process to its end.
#pragma once

#include <functional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::server {

// Blocks the signals in this thread and in all that it starts, and starts the one that waits for
// them; before the first other thread. Until StopInOrder, SIGTERM and SIGINT end the process at
// once with `exit_code`, whatever it waits for, and SIGHUP does nothing. SIGPIPE is ignored: a
// client that goes away is no reason to end.
void WatchSignals(int exit_code);

// From now on SIGTERM and SIGINT end WaitForStopSignal instead. When the process still lives
// `longest_stop` after one came, whatever hangs, it is ended with exit code 1 and a line of the log
// that names the last stage it reached.
void StopInOrder(absl::Duration longest_stop);

// True when a stop signal came within `patience`, or came before and StopInOrder had been called.
bool WaitForStopSignal(absl::Duration patience);

// "the calls end", "the database closes"; a string literal.
void ReachStage(const char* stage);

// What SIGHUP does from now on, on the thread that waits for signals; nothing when it is empty.
// Returns when a call of the one before has ended.
void OnHangup(std::function<void()> action);

// Writes what the log still holds, if its reader lets us, and ends the process with `exit_code`
// without waiting for any other thread.
[[noreturn]] void EndNow(int exit_code);

}  // namespace usher::server
