// The gRPC server of a process: all its ports, one completion queue.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/health_rpc.h"
#include "common/rpc/service.h"
#include "common/server/options.h"

namespace usher::server {

// A listening server with its completion queue and the threads that poll it. All ports serve all
// services; who may call an internal method is the gate's to say, by the client's certificate,
// which the internal port alone asks for. (A second server would have a second polling thread, and
// each would be woken for the other's connections: a quarter of the throughput; docs/adr/0010.)
class Server {
 public:
  // kUnavailable when an address cannot be bound. The services outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ListenOptions& options,
                                                       const rpc::InternalTls& internal_tls,
                                                       const std::vector<rpc::Service*>& services);
  ~Server();

  // New calls are refused as UNAVAILABLE; returns when the running ones have ended, or at
  // `deadline`.
  void Drain(absl::Time deadline);

  struct Port {
    std::string name;     // "public", "public with TLS", "internal"
    std::string address;  // "127.0.0.1:50051", with the number that was chosen for port 0
  };
  // In the order of ListenOptions, without those that are empty.
  const std::vector<Port>& ports() const { return ports_; }

 private:
  Server() = default;

  std::unique_ptr<rpc::ServerQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<Port> ports_;
  std::vector<std::thread> pollers_;
};

}  // namespace usher::server
