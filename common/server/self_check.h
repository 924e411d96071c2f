// Whether the own ports still answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace usher::server {

// Connects to `address` ("127.0.0.1:50051", "unix:path"; "0.0.0.0" and "[::]" are asked on this
// machine), says nothing, and waits until the server has said something or closed the connection:
// that takes who accepts and who polls. kDeadlineExceeded when it does neither within `patience`,
// kUnavailable when it cannot be reached, kResourceExhausted when there is no descriptor to try.
absl::Status TryPort(const std::string& address, absl::Duration patience);

// Judges what TryPort said of a port again and again: one failure is bad luck, or a busy machine.
// Called by one thread.
class PortJudge {
 public:
  // True when the port has failed `most` times in a row.
  bool IsDeaf(const absl::Status& tried) {
    failures_ = tried.ok() ? 0 : failures_ + 1;
    return failures_ >= most_;
  }
  explicit PortJudge(int most) : most_(most) {}

 private:
  const int most_;
  int failures_ = 0;
};

}  // namespace usher::server
