// A socket that listens.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::server {

// Owns its descriptor, and removes the file of a Unix socket at its end. Moves.
class ListeningSocket {
 public:
  ListeningSocket(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  ListeningSocket(ListeningSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::string path_;  // empty where it is not a Unix socket
};

// Listens on "host:port" or "unix:path": on every address that the host has ("localhost" has two),
// on IPv4 and IPv6 where it is "0.0.0.0", "[::]" or "*". `shown` becomes the address with the port
// that was chosen for port 0. A file that a Unix socket has left behind is replaced. kUnavailable
// when none can be bound.
absl::StatusOr<std::vector<ListeningSocket>> Listen(const std::string& address, std::string* shown);

}  // namespace usher::server
