// The JSON door: connections of HTTP/1.1, on a thread of its own, in front of the gate.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "common/http/exchange.h"
#include "common/rpc/gate/gate.h"
#include "common/rpc/peer/tls_files.h"

namespace usher::http {

// What gRPC's server is to gRPC. Its thread reads heads, collects bodies, and does with small
// requests what a polling thread does (docs/request.md). Boost.Asio is inside. Thread-safe.
class Door {
 public:
  // After the services were bound. `tls_files`: of connections with TLS; may be null where none
  // will come. The gate outlives the door, and its lanes do not end before it.
  Door(rpc::Gate& gate, DoorOptions options, std::shared_ptr<rpc::TlsFiles> tls_files);
  // Waits for the calls that the gate still has.
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // Takes over a connection that was accepted.
  void Enter(int descriptor, bool with_tls);

  // Closes what is idle, answers new requests with 503, and has every other connection end with the
  // answer that it waits for. May be repeated.
  void BeginDrain();
  // Returns when no connection is left, or at `deadline`, at which those that are are cut off.
  void AwaitDrained(absl::Time deadline);

  const DoorCounters& counters() const;

 private:
  struct Inside;
  const std::unique_ptr<Inside> inside_;
};

}  // namespace usher::http
