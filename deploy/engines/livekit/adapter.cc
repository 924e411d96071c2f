#include "deploy/engines/livekit/adapter.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/seldom.h"
#include "common/server/metrics.h"
#include "common/server/stop_signal.h"
#include "common/status/try.h"
#include "deploy/engines/livekit/engine_session.h"
#include "deploy/engines/livekit/http_listener.h"
#include "deploy/engines/livekit/livekit_webhook.h"

namespace usher::livekit {
namespace {

constexpr absl::Duration kLongestStop = absl::Seconds(10);
constexpr absl::Duration kBetweenComplaints = absl::Seconds(10);
constexpr int kKeepaliveMs = 65000;  // usher allows a ping a minute
constexpr int kKeepaliveTimeoutMs = 10000;

using Sessions = std::map<std::string, std::unique_ptr<EngineSession>>;  // by company

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                         const AdapterOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  const auto credentials = options.usher_plain
                               ? grpc::InsecureChannelCredentials()
                               : grpc::SslCredentials({.pem_root_certs = options.usher_ca});
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

absl::StatusOr<std::unique_ptr<EngineSession>> MakeSession(
    const CompanyOptions& company, const AdapterOptions& options,
    const std::shared_ptr<grpc::Channel>& auth, const std::shared_ptr<grpc::Channel>& room,
    const Clock& clock, prometheus::Registry* registry) {
  auto ending = std::make_shared<std::atomic<bool>>(false);
  ASSIGN_OR_RETURN(auto http, HttpPost::Open({.ca = options.livekit_ca, .ending = ending}));
  auto session = std::make_unique<EngineSession>(
      std::make_unique<TwirpApi>(company.livekit, std::move(http), clock),
      std::make_unique<GrpcUsher>(company.usher, auth, room, clock),
      WorkOptions{company.usher.company, options.sweep_period}, clock, registry, std::move(ending));
  session->Start();
  return session;
}

// By all companies whose key has signed it: whose the room is only they can tell. `complains`: of
// those that are refused, which may be anybody's.
int Hear(const Sessions& sessions, const std::vector<WebhookKey>& keys, const Clock& clock,
         Seldom& complains, const http::RequestHead& head, const std::string& body) {
  if (head.method() != "POST") return 405;
  auto webhook = ReadWebhook(head.Find("authorization").value_or(""), body, keys, clock.Now());
  if (!webhook.ok()) {
    if (complains.IsDue()) {
      log::Warning("webhooks are refused", {{"error", webhook.status().message()}});
    }
    return absl::IsUnauthenticated(webhook.status()) ? 401 : 400;
  }
  for (const std::string& company : webhook->companies) {
    sessions.at(company)->Hear(webhook->event);
  }
  return 200;
}

}  // namespace

absl::Status ServeUntilStopped(const AdapterOptions& options) {
  const SystemClock clock;
  const auto registry = std::make_shared<prometheus::Registry>();
  const auto auth = ChannelTo(options.auth, options);
  const auto room = ChannelTo(options.room, options);
  const std::vector<WebhookKey> keys = KeysOf(options.companies);
  Sessions sessions;
  for (const CompanyOptions& company : options.companies) {
    ASSIGN_OR_RETURN(auto session,
                     MakeSession(company, options, auth, room, clock, registry.get()));
    sessions.emplace(company.usher.company, std::move(session));
  }
  Seldom complains(kBetweenComplaints);
  ASSIGN_OR_RETURN(const auto listener,
                   HttpListener::Open({.address = options.webhook_listen},
                                      [&](const http::RequestHead& head, const std::string& body) {
                                        return Hear(sessions, keys, clock, complains, head, body);
                                      }));
  std::unique_ptr<prometheus::Exposer> exposer;
  if (!options.metrics_listen.empty()) {
    ASSIGN_OR_RETURN(exposer, server::OpenExposer(options.metrics_listen));
    exposer->RegisterCollectable(registry);
  }
  log::Info("serving", {{"webhooks", listener->address()},
                        {"companies", absl::StrCat(options.companies.size())}});
  server::StopInOrder(kLongestStop);
  server::WaitForStopSignal(absl::InfiniteDuration());
  log::Info("stopping");
  return absl::OkStatus();
}

}  // namespace usher::livekit
