// A program that a test started.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace usher {

// Killed when it is destroyed, and by the kernel when the test dies first. Not thread-safe.
class ChildProcess {
 public:
  // Starts argv[0]; standard output and error are appended to `log`. Throws std::runtime_error.
  ChildProcess(const std::vector<std::string>& argv, const std::string& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Whether it has not ended yet.
  bool IsRunning();
  void Signal(int signal);
  // Stops it where it is (SIGSTOP), all of its threads, and returns when it stands; SIGCONT lets it
  // go on.
  void Freeze();
  // Waits until it has ended; its exit code, or 128 plus the signal that ended it. Throws when it
  // takes longer than `patience`.
  int Wait(absl::Duration patience);

 private:
  // True when it has ended.
  bool Reap();

  pid_t pid_ = -1;
  int exit_code_ = -1;
  bool ended_ = false;
};

// Runs a program to its end; what it printed on standard output. Throws with what it printed on
// both when it fails.
std::string RunProgram(const std::vector<std::string>& argv);

}  // namespace usher
