// Accepts the connections of all ports and hands them to gRPC, or to the JSON door.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/base/seldom.h"
#include "common/rpc/source.h"
#include "common/server/connection_counts.h"
#include "common/server/listening_socket.h"

namespace usher::server {

// Instead of gRPC, because gRPC 1.51 never accepts again once accept(2) has failed for want of a
// descriptor (CVE-2023-4785; docs/adr/0017), and because it accepts until there are none left. This
// one refuses the newest connections while others still have the descriptors that they need, and
// goes on whatever accept says. It also counts the connections of each address, so that nobody has
// all of them. Thread-safe.
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
    bool counted = true;  // by address
  };
  // How many connections one address may have on all ports that are counted, and who may have more:
  // proxies, behind which are many. Unix sockets have no address, and are not counted.
  struct AddressLimit {
    size_t most;
    rpc::TrustedProxies exempt;
  };

  Acceptor(std::vector<Door> doors, AddressLimit limit);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Begins; after the gRPC server has started.
  void Start();
  // Stops to listen, and returns then. Whoever waits to be accepted is refused. May be repeated.
  void Stop();

  // Connections so far that were taken in, that were refused for want of descriptors, and since
  // their address had too many.
  uint64_t accepted() const { return accepted_.load(); }
  uint64_t refused() const { return refused_.load(); }
  uint64_t refused_to_addresses() const { return refused_to_addresses_.load(); }

 private:
  void AcceptForEver();
  // Takes what waits at the socket; false when accept(2) fails for a reason that lies with us.
  bool AcceptFrom(const Door& door, int socket);
  // Counts the connection for its address; false where that has too many.
  bool HasRoomFor(const sockaddr_storage& peer, int connection);
  // Sleeps, unless it is told to stop.
  void Pause(absl::Duration duration) const;
  void WarnOfRefusals();
  void WarnOfAddress(const std::string& address);

  std::vector<Door> doors_;
  int stop_event_;  // eventfd(2)
  std::atomic<uint64_t> accepted_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> refused_to_addresses_{0};
  const rpc::TrustedProxies exempt_;
  ConnectionCounts counts_;  // the thread's
  Seldom warns_;
  Seldom warns_of_addresses_;
  std::thread thread_;
};

}  // namespace usher::server
