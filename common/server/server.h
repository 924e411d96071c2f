// The gRPC servers of one process: a public one, and an internal one with mutual TLS.
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

// One listening server with its completion queue and the threads that poll it.
class Server {
 public:
  // kUnavailable when an address cannot be bound. The services outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> StartPublic(
      const ListenOptions& options, const std::vector<rpc::Service*>& services);
  static absl::StatusOr<std::unique_ptr<Server>> StartInternal(
      const ListenOptions& options, const rpc::InternalTls& tls,
      const std::vector<rpc::Service*>& services);
  ~Server();

  // New calls are refused as UNAVAILABLE; returns when the running ones have ended, or at
  // `deadline`.
  void Drain(absl::Time deadline);

  // "127.0.0.1:50051", with the port that was chosen for port 0.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  struct Port {
    std::string address;
    std::shared_ptr<grpc::ServerCredentials> credentials;
  };
  Server() = default;
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ListenOptions& options,
                                                       const std::vector<Port>& ports,
                                                       const std::vector<rpc::Service*>& services,
                                                       bool reflection, int pollers);
  void Poll();

  std::unique_ptr<rpc::ServerQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::string> addresses_;
  std::vector<std::thread> pollers_;
};

}  // namespace usher::server
