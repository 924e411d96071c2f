#include "common/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace usher::server {
namespace {

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const std::string& certificate,
                                                        const std::string& key) {
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({key, certificate});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ServerCredentials> MutualTlsCredentials(const rpc::InternalTls& tls) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = tls.ca;
  options.pem_key_cert_pairs.push_back({tls.key, tls.certificate});
  return grpc::SslServerCredentials(options);
}

struct Asked {
  std::string name;
  std::string address;
  std::shared_ptr<grpc::ServerCredentials> credentials;
};

std::vector<Asked> AskedPorts(const ListenOptions& options, const rpc::InternalTls& internal_tls) {
  std::vector<Asked> asked;
  if (!options.plain.empty()) {
    asked.push_back({"public", options.plain, grpc::InsecureServerCredentials()});
  }
  if (!options.tls.empty()) {
    asked.push_back(
        {"public with TLS", options.tls, TlsCredentials(options.tls_certificate, options.tls_key)});
  }
  if (!options.internal.empty()) {
    asked.push_back({"internal", options.internal, MutualTlsCredentials(internal_tls)});
  }
  return asked;
}

// gRPC's defaults are wide open (docs/security.md, G2).
void SetLimits(const ListenOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.largest_message);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 60000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // two servers on one port is a mistake
  grpc::ResourceQuota quota("usher");
  quota.Resize(512 * 1024 * 1024);
  quota.SetMaxThreads(64);  // for reflection, the one synchronous service
  builder->SetResourceQuota(quota);
}

std::string ShownAddress(const std::string& asked, int port) {
  if (absl::StartsWith(asked, "unix:")) return asked;
  return absl::StrCat(asked.substr(0, asked.rfind(':')), ":", port);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ListenOptions& options,
                                                      const rpc::InternalTls& internal_tls,
                                                      const std::vector<rpc::Service*>& services) {
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks at every lock, gRPC's included, unless it is told not to.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  if (options.reflection) {
    static std::once_flag once;
    std::call_once(once, [] { grpc::reflection::InitProtoReflectionServerBuilderPlugin(); });
  }
  const std::vector<Asked> asked = AskedPorts(options, internal_tls);
  grpc::ServerBuilder builder;
  SetLimits(options, &builder);
  std::vector<int> bound(asked.size(), 0);
  for (size_t i = 0; i < asked.size(); ++i) {
    builder.AddListeningPort(asked[i].address, asked[i].credentials, &bound[i]);
  }
  for (const rpc::Service* service : services) {
    for (grpc::Service* exposed : service->exposed()) builder.RegisterService(exposed);
  }
  std::unique_ptr<Server> server(new Server());
  server->queue_ = std::make_unique<rpc::ServerQueue>(builder.AddCompletionQueue());
  server->server_ = builder.BuildAndStart();
  for (size_t i = 0; i < asked.size(); ++i) {
    if (server->server_ == nullptr || bound[i] == 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", asked[i].address, ": is it in use, or not ours?"));
    }
    server->ports_.push_back({asked[i].name, ShownAddress(asked[i].address, bound[i])});
  }
  server->queue_->StartTicking();
  for (const rpc::Service* service : services) service->Start(*server->queue_);
  for (int i = 0; i < options.pollers; ++i) {
    server->pollers_.emplace_back([queue = server->queue_.get()] { queue->Poll(); });
  }
  return server;
}

void Server::Drain(absl::Time deadline) {
  if (server_ != nullptr) server_->Shutdown(absl::ToChronoTime(deadline));
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
