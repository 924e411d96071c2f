// The gRPC server of a process: all its ports, one completion queue; and those of the JSON door.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "common/http/door.h"
#include "common/rpc/call/service.h"
#include "common/rpc/health_rpc.h"
#include "common/rpc/peer/tls_files.h"
#include "common/server/acceptor.h"
#include "common/server/options.h"

namespace usher::server {

// A listening server with its completion queue and the threads that poll it. All ports serve all
// services; who may call an internal method is the gate's to say, by the client's certificate,
// which the internal port alone asks for. (A second server would have a second polling thread, and
// each would be woken for the other's connections: a quarter of the throughput; docs/adr/0010.)
class Server {
 public:
  // kUnavailable when an address cannot be bound. The services outlive the server.
  // `internal_tls` may be a null pointer where no internal port is asked for, and `json` where
  // no port is that speaks JSON; it outlives the server too.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ListenOptions& options, const std::shared_ptr<rpc::TlsFiles>& internal_tls,
      const std::vector<rpc::Service*>& services, http::Door* json = nullptr);
  ~Server();

  // New calls are refused as UNAVAILABLE; returns when the running ones have ended, or at
  // `deadline`. Reflection streams are cancelled.
  void Drain(absl::Time deadline);

  struct Port {
    std::string name;     // "public", "public with TLS", "internal", "JSON", "JSON with TLS"
    std::string address;  // "127.0.0.1:50051", with the number that was chosen for port 0
  };
  // In the order of ListenOptions, without those that are empty.
  const std::vector<Port>& ports() const { return ports_; }
  const Acceptor& acceptor() const { return *acceptor_; }

  // A port that is asked for.
  struct AskedPort {
    std::string name;
    std::string address;
    int too_many;  // the first descriptor that its connections may not have
    std::shared_ptr<grpc::ServerCredentials> credentials;  // null: it speaks JSON
    bool json_with_tls = false;
    bool counted = true;  // by address
  };

 private:
  Server() = default;
  // Listens on all of them.
  absl::Status Open(const ListenOptions& options, const std::vector<AskedPort>& asked,
                    grpc::ServerBuilder* builder);

  // gRPC asks them for certificates as long as the server lives.
  std::vector<std::shared_ptr<grpc::ServerCredentials>> credentials_;
  std::unique_ptr<rpc::ServerQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  http::Door* json_ = nullptr;
  std::unique_ptr<Acceptor> acceptor_;
  std::vector<Port> ports_;
  std::vector<std::thread> pollers_;
};

}  // namespace usher::server
