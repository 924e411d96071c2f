// Accepts the connections of all ports and hands them to gRPC, or to the JSON door.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/server/listening_socket.h"

namespace usher::server {

// Instead of gRPC, because gRPC 1.51 never accepts again once accept(2) has failed for want of a
// descriptor (CVE-2023-4785; docs/adr/0017), and because it accepts until there are none left. This
// one refuses the newest connections while others still have the descriptors that they need, and
// goes on whatever accept says. Thread-safe.
class Acceptor {
 public:
  // A port: its sockets, where their connections go, and the first descriptor that is too many. (A
  // new descriptor is always the lowest that is free, POSIX says: that of a connection tells how
  // many are in use.)
  struct Door {
    std::vector<ListeningSocket> sockets;
    // Called by the accepting thread with the descriptors of the socket and of the connection,
    // which it takes over.
    std::function<void(int listener, int connection)> take;
    int too_many;
  };

  explicit Acceptor(std::vector<Door> doors);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Begins; after the gRPC server has started.
  void Start();
  // Stops to listen, and returns then. Whoever waits to be accepted is refused. May be repeated.
  void Stop();

  // Connections so far that were taken in, and that were refused for want of descriptors.
  uint64_t accepted() const { return accepted_.load(); }
  uint64_t refused() const { return refused_.load(); }

 private:
  void AcceptForEver();
  // Takes what waits at the socket; false when accept(2) fails for a reason that lies with us.
  bool AcceptFrom(const Door& door, int socket);
  // Sleeps, unless it is told to stop.
  void Pause(absl::Duration duration) const;
  void WarnOfRefusals();

  std::vector<Door> doors_;
  int stop_event_;  // eventfd(2)
  std::atomic<uint64_t> accepted_{0};
  std::atomic<uint64_t> refused_{0};
  absl::Time next_warning_;
  std::thread thread_;
};

}  // namespace usher::server
