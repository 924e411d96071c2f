#include "common/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <climits>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/server/descriptors.h"
#include "common/server/synchronous_calls.h"
#include "common/server/tls_credentials.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

// Descriptors that the connections of strangers leave to the database, to files, to other servers
// and to ourselves; half of them are left to internal connections.
int Reserve() { return std::min(64, DescriptorLimit() / 4); }

// A connection costs some 16 KiB even when it is idle: there are not more than these, whatever the
// limit of descriptors.
constexpr int kMostConnections = 65536;

int OfStrangers() { return std::min(DescriptorLimit() - Reserve(), kMostConnections); }

// Whatever the descriptors are, one address does not have them all.
size_t MostOfAddress(const ListenOptions& options) {
  if (options.connections_of_address > 0) return options.connections_of_address;
  return static_cast<size_t>(OfStrangers()) / 2;
}

std::vector<Server::AskedPort> AskedPorts(const ListenOptions& options,
                                          const std::shared_ptr<rpc::TlsFiles>& internal_tls) {
  const int strangers = OfStrangers();
  std::vector<Server::AskedPort> asked;
  if (!options.plain.empty()) {
    asked.push_back({"public", options.plain, strangers, grpc::InsecureServerCredentials()});
  }
  if (!options.tls.empty()) {
    asked.push_back({"public with TLS", options.tls, strangers, TlsCredentials(options.tls_files)});
  }
  if (!options.internal.empty()) {
    asked.push_back(
        {"internal", options.internal, strangers + Reserve() / 2, TlsCredentials(internal_tls)});
    asked.back().counted = false;  // whoever has a certificate is one of us, and others may be many
  }
  if (!options.json.empty()) asked.push_back({"JSON", options.json, strangers, nullptr});
  if (!options.json_tls.empty()) {
    asked.push_back({"JSON with TLS", options.json_tls, strangers, nullptr, true});
  }
  return asked;
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(duration), INT_MAX));
}

// gRPC's defaults are wide open (docs/security.md).
void SetLimits(const ListenOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.largest_message);
  // gRPC 1.51 unpacks a request before it looks at its size. Replies are not packed either.
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  // More calls of one connection wait at the client.
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10000);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                              Milliseconds(options.connection_idle));
  // gRPC spreads the ages by a tenth, so that clients do not all come back at once.
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.connection_age));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30000);
  // A client that the network has lost answers no ping, with calls or without.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as that takes
  // What is asked of clients that ping us.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 60000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  grpc::ResourceQuota quota("usher");
  quota.Resize(512 * 1024 * 1024);
  quota.SetMaxThreads(64);  // for reflection, the one synchronous service
  builder->SetResourceQuota(quota);
}

// What is to be done with the connections of a port.
std::function<void(int, int)> TakeIntoGrpc(const Server::AskedPort& port,
                                           grpc::ServerBuilder* builder) {
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;
  const std::shared_ptr<Acceptor> inside = builder->experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, port.credentials);
  return [inside](int listener, int connection) {
    Acceptor::NewConnectionParameters parameters;
    parameters.listener_fd = listener;
    parameters.fd = connection;
    inside->HandleNewConnection(&parameters);
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ListenOptions& options, const std::shared_ptr<rpc::TlsFiles>& internal_tls,
    const std::vector<rpc::Service*>& services, http::Door* json) {
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks at every lock, gRPC's included, unless it is told not to.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  SynchronousCalls::Get();
  if (options.reflection) {
    static std::once_flag once;
    std::call_once(once, [] { grpc::reflection::InitProtoReflectionServerBuilderPlugin(); });
  }
  grpc::ServerBuilder builder;
  SetLimits(options, &builder);
  std::unique_ptr<Server> server(new Server());
  server->json_ = json;
  RETURN_IF_ERROR(server->Open(options, AskedPorts(options, internal_tls), &builder));
  for (const rpc::Service* service : services) {
    for (grpc::Service* exposed : service->exposed()) builder.RegisterService(exposed);
  }
  server->queue_ = std::make_unique<rpc::ServerQueue>(builder.AddCompletionQueue());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::InternalError("gRPC does not start the server");
  server->queue_->StartTicking();
  for (const rpc::Service* service : services) service->Start(*server->queue_);
  for (int i = 0; i < options.pollers; ++i) {
    server->pollers_.emplace_back([queue = server->queue_.get()] { queue->Poll(); });
  }
  server->acceptor_->Start();
  return server;
}

absl::Status Server::Open(const ListenOptions& options, const std::vector<AskedPort>& asked,
                          grpc::ServerBuilder* builder) {
  std::vector<Acceptor::Door> doors;
  for (const AskedPort& port : asked) {
    std::string shown;
    ASSIGN_OR_RETURN(std::vector<ListeningSocket> sockets, Listen(port.address, &shown));
    ports_.push_back({port.name, std::move(shown)});
    if (port.credentials != nullptr) {
      credentials_.push_back(port.credentials);
      doors.push_back(
          {std::move(sockets), TakeIntoGrpc(port, builder), port.too_many, port.counted});
    } else {
      const auto take = [json = json_, with_tls = port.json_with_tls](int, int connection) {
        json->Enter(connection, with_tls);
      };
      doors.push_back({std::move(sockets), take, port.too_many, port.counted});
    }
  }
  acceptor_ = std::make_unique<Acceptor>(
      std::move(doors), Acceptor::AddressLimit{MostOfAddress(options), options.trusted_proxies});
  return absl::OkStatus();
}

void Server::Drain(absl::Time deadline) {
  if (server_ == nullptr) return;
  acceptor_->Stop();
  SynchronousCalls::Get().Cancel();
  if (json_ != nullptr) json_->BeginDrain();
  server_->Shutdown(absl::ToChronoTime(deadline));
  if (json_ != nullptr) json_->AwaitDrained(deadline);
}

Server::~Server() {
  if (server_ == nullptr) {
    // Never started; the queue wants to be shut down and emptied all the same.
    if (queue_ != nullptr) {
      queue_->get()->Shutdown();
      queue_->Poll();
    }
    return;
  }
  Drain(absl::Now());
  queue_->AwaitCalls();
  queue_->get()->Shutdown();
  for (std::thread& poller : pollers_) poller.join();
}

}  // namespace usher::server
