#include "common/server/foundation.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/http/door.h"
#include "common/rpc/health_rpc.h"
#include "common/server/housekeeping.h"
#include "common/server/process_readings.h"
#include "common/server/server.h"
#include "common/server/stop_signal.h"
#include "common/server/upkeep.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

// How long a process may take to end beyond the time that running calls have.
constexpr absl::Duration kLongestEnd = absl::Seconds(5);

// Until the feed is there, for the health check; then for streams whose tokens were revoked.
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(10);
constexpr absl::Duration kBetweenJudgements = absl::Seconds(1);

std::set<std::string> ServiceNames(const std::vector<rpc::Service*>& services) {
  std::set<std::string> names;
  for (const rpc::Service* service : services) {
    for (const std::string& name : service->names()) names.insert(name);
  }
  return names;
}

void LogPorts(const Server& server) {
  for (const Server::Port& port : server.ports()) {
    log::Info("listening", {{"port", port.name}, {"address", port.address}});
  }
}

// Upkeep of a server, with SIGHUP as a reason to read certificates and whatever else.
class KeptUp {
 public:
  KeptUp(const Server& server, std::vector<std::shared_ptr<rpc::TlsFiles>> files,
         const std::vector<std::function<void()>>& on_hangup)
      : upkeep_(server.ports(), Present(std::move(files))) {
    OnHangup([this, &on_hangup] {
      upkeep_.ReadCertificates();
      for (const auto& read : on_hangup) read();
    });
  }
  ~KeptUp() { OnHangup({}); }
  KeptUp(const KeptUp&) = delete;
  KeptUp& operator=(const KeptUp&) = delete;

 private:
  static std::vector<std::shared_ptr<rpc::TlsFiles>> Present(
      std::vector<std::shared_ptr<rpc::TlsFiles>> files) {
    files.erase(std::remove(files.begin(), files.end(), nullptr), files.end());
    return files;
  }

  Upkeep upkeep_;
};

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]") || absl::StartsWith(address, "unix:");
}

void WarnOfPlainPort(const std::string& name, const std::string& address) {
  if (address.empty() || IsLoopback(address)) return;
  log::Warning(absl::StrCat("the ", name,
                            " port without TLS is not on loopback: passwords travel in the clear"),
               {{"address", address}});
}

// Null where no port is asked for.
std::unique_ptr<http::Door> JsonDoor(rpc::Gate& gate, const Options& options) {
  if (options.listen.json.empty() && options.listen.json_tls.empty()) return nullptr;
  http::DoorOptions door;
  door.origins = options.listen.json_origins;
  door.trusted_proxies = options.gate.trusted_proxies;
  door.connection_idle = options.listen.connection_idle;
  door.connection_age = options.listen.connection_age;
  return std::make_unique<http::Door>(gate, std::move(door), options.listen.tls_files);
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

void Foundation::AlsoOnHangup(std::function<void()> read) { on_hangup_.push_back(std::move(read)); }

absl::Status Foundation::ServeUntilStopped(rpc::AuthSource& auth,
                                           std::vector<rpc::Service*> services) {
  rpc::AuthFeed feed(auth, keys_, revocations_, feed_state_, clock_);
  feed.Start();  // the first: until it has loaded, no call is answered
  rpc::HealthRpc health;
  health.AnswerFor(ServiceNames(services));
  services.push_back(&health);

  const std::unique_ptr<http::Door> json = JsonDoor(gate_, options_);
  std::unique_ptr<Server> server;  // the readings read both: they go after them
  std::shared_ptr<Readings> readings;
  std::unique_ptr<prometheus::Exposer> exposer;
  if (!options_.listen.metrics.empty()) {
    ASSIGN_OR_RETURN(exposer, OpenExposer(options_.listen.metrics));
  }
  WarnOfPlainPort("public", options_.listen.plain);
  WarnOfPlainPort("JSON", options_.listen.json);
  ASSIGN_OR_RETURN(server,
                   Server::Start(options_.listen, options_.internal_tls, services, json.get()));
  LogPorts(*server);
  if (exposer != nullptr) {
    readings = ReadingsOf(*this, server->acceptor(), json.get());
    exposer->RegisterCollectable(registry_);
    exposer->RegisterCollectable(readings);
  }

  StopInOrder(options_.listen.longest_drain + kLongestEnd);
  Housekeeping housekeeping(*pool_, options_.audit_retention, registry_.get());
  housekeeping.Start();
  {
    const KeptUp kept_up(*server, {options_.listen.tls_files, options_.internal_tls}, on_hangup_);
    bool serving = false;
    while (!WaitForStopSignal(serving ? kBetweenJudgements : kBetweenLooks)) {
      gate_.JudgeStreams();
      if (serving || !feed_state_.loaded()) continue;
      serving = true;
      health.SetServing(true);
      log::Info("serving");
      log::Flush();
    }
    log::Info("stopping");
  }
  health.SetServing(false);
  gate_.EndStreams();
  for (rpc::Service* service : services) service->EndStreams();
  ReachStage("the calls end");
  server->Drain(clock_.Now() + options_.listen.longest_drain);
  ReachStage("server, queues and database close");
  log::Info("stopped");
  return absl::OkStatus();
}

}  // namespace usher::server
