#include "common/server/foundation.h"

#include <signal.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "common/base/log.h"
#include "common/rpc/health_rpc.h"
#include "common/server/housekeeping.h"
#include "common/server/server.h"
#include "common/server/stop_signal.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

std::set<std::string> ServiceNames(const std::vector<rpc::Service*>& services) {
  std::set<std::string> names;
  for (const rpc::Service* service : services) {
    for (const std::string& name : service->names()) names.insert(name);
  }
  return names;
}

std::shared_ptr<Readings> MakeReadings(Foundation& base) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  return std::make_shared<Readings>(std::vector<Reading>{
      {"usher_queue_waiting", "Calls waiting for a thread, by queue.", "statement", false,
       [&base, number] { return number(base.lanes().statement.waiting()); }},
      {"usher_queue_waiting", "", "store", false,
       [&base, number] { return number(base.lanes().store.waiting()); }},
      {"usher_queue_waiting", "", "slow", false,
       [&base, number] { return number(base.lanes().slow.waiting()); }},
      {"usher_database_connections_in_use", "Connections that are working.", "", false,
       [&base, number] { return number(base.pool().in_use()); }},
      {"usher_token_cache_hits_total", "Tokens found among the verified ones.", "", true,
       [&base, number] { return number(base.verifier().cache_hits()); }},
      {"usher_token_cache_misses_total", "Tokens that had to be verified.", "", true,
       [&base, number] { return number(base.verifier().cache_misses()); }},
      {"usher_auth_feed_age_seconds", "Age of what is known of auth's keys and revocations.", "",
       false, [&base] { return absl::ToDoubleSeconds(base.feed_state().age()); }},
      {"usher_revocations", "Revocations that still matter.", "", false,
       [&base, number] { return number(base.revocations().size()); }},
  });
}

void LogPorts(const Server& server) {
  for (const Server::Port& port : server.ports()) {
    log::Info("listening", {{"port", port.name}, {"address", port.address}});
  }
}

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]") || absl::StartsWith(address, "unix:");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Foundation>> Foundation::Open(
    const Options& options, const std::vector<db::Migration>& migrations) {
  ASSIGN_OR_RETURN(std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, migrations));
  return std::unique_ptr<Foundation>(new Foundation(options, std::move(pool)));
}

Foundation::Foundation(const Options& options, std::unique_ptr<db::Pool> pool)
    : options_(options),
      pool_(std::move(pool)),
      verifier_(keys_, revocations_, feed_state_, clock_, options.token_cache),
      registry_(std::make_shared<prometheus::Registry>()),
      lanes_(options.lanes, options.pool),
      gate_(verifier_, lanes_, *registry_, clock_, options.gate) {}

absl::Status Foundation::ServeUntilStopped(rpc::AuthSource& auth,
                                           std::vector<rpc::Service*> services) {
  rpc::AuthFeed feed(auth, keys_, revocations_, feed_state_, clock_);
  rpc::HealthRpc health;
  health.AnswerFor(ServiceNames(services));
  services.push_back(&health);

  const std::shared_ptr<Readings> readings = MakeReadings(*this);
  std::unique_ptr<prometheus::Exposer> exposer;
  if (!options_.listen.metrics.empty()) {
    ASSIGN_OR_RETURN(exposer, OpenExposer(options_.listen.metrics));
    exposer->RegisterCollectable(registry_);
    exposer->RegisterCollectable(readings);
  }
  if (!options_.listen.plain.empty() && !IsLoopback(options_.listen.plain)) {
    log::Warning("the public port without TLS is not on loopback: passwords travel in the clear",
                 {{"address", options_.listen.plain}});
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(options_.listen, options_.internal_tls, services));
  LogPorts(*server);

  Housekeeping housekeeping(*pool_, options_.audit_retention, registry_.get());
  housekeeping.Start();
  feed.Start();
  bool serving = false;
  while (!WaitForStopSignal(serving ? absl::InfiniteDuration() : absl::Milliseconds(10))) {
    if (serving || !feed_state_.loaded()) continue;
    serving = true;
    health.SetServing(true);
    log::Info("serving");
    log::Flush();
  }
  log::Info("stopping");
  health.SetServing(false);
  gate_.EndStreams();
  for (rpc::Service* service : services) service->EndStreams();
  server->Drain(clock_.Now() + options_.listen.longest_drain);
  log::Info("stopped");
  return absl::OkStatus();
}

}  // namespace usher::server
