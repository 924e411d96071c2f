#include "tests/chaos/chaos_house.h"

#include <grpc/health/v1/health.grpc.pb.h>
#include <signal.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace usher::chaos {
namespace {

constexpr char kAnyPort[] = "127.0.0.1:0";

bool Serves(House& house, const std::string& service) {
  using ::grpc::health::v1::HealthCheckResponse;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(2)));
  context.set_wait_for_ready(true);
  HealthCheckResponse response;
  return ::grpc::health::v1::Health::NewStub(house.channel(service))
             ->Check(&context, {}, &response)
             .ok() &&
         response.status() == HealthCheckResponse::SERVING;
}

}  // namespace

ChaosHouse& ChaosHouse::Get() {
  static const std::unique_ptr<ChaosHouse> house(new ChaosHouse());
  return *house;
}

ChaosHouse::ChaosHouse() {
  setenv("USHER_TEST_DATABASE", cluster_.url().c_str(), 1);
  house_ = std::make_unique<House>([this](const std::string& service, Words command) {
    return Adapt(service, std::move(command));
  });
  for (const std::string& service : House::Services()) {
    Between(service, house_->Socket(service, "public"), &to_public_);
  }
}

Proxy& ChaosHouse::Between(const std::string& service, const std::string& target,
                           std::map<std::string, std::unique_ptr<Proxy>>* proxies) {
  std::unique_ptr<Proxy>& proxy = (*proxies)[service];
  if (proxy == nullptr) proxy = std::make_unique<Proxy>(kAnyPort, target);
  return *proxy;
}

Proxy& ChaosHouse::ToPublic(const std::string& service) { return *to_public_.at(service); }

// Every address that the server would go to becomes that of a proxy in front of it.
Words ChaosHouse::Adapt(const std::string& service, Words command) {
  for (std::string& word : command) {
    const absl::string_view flag = word;
    if (absl::StartsWith(flag, "--database=")) {
      // libpq takes the last one of equal keys.
      const Proxy& proxy = Between(service, cluster_.Socket(), &to_database_);
      absl::StrAppend(&word, " host=127.0.0.1 port=", proxy.port(), " sslmode=disable");
      continue;
    }
    for (const std::string& peer : House::Services()) {
      const std::string name =
          absl::StrCat("--", absl::StrReplaceAll(peer, {{"-", "_"}}), "_internal=");
      if (!absl::StartsWith(flag, name)) continue;
      const std::string target(absl::StripPrefix(flag, name));
      word = absl::StrCat(name, Between(peer, target, &to_internal_).address());
      break;
    }
  }
  command.insert(command.end(), flags_[service].begin(), flags_[service].end());
  command.insert(command.begin(), wrapper_[service].begin(), wrapper_[service].end());
  return command;
}

void ChaosHouse::RestartWith(const std::string& service, const Words& flags, const Words& wrapper) {
  flags_[service] = flags;
  wrapper_[service] = wrapper;
  house_->Restart(service);
}

void ChaosHouse::Repair() {
  cluster_.Thaw();
  for (auto* proxies : {&to_database_, &to_internal_, &to_public_}) {
    for (auto& [service, proxy] : *proxies) {
      proxy->TakeAmbushAway();
      proxy->Set({});
    }
  }
  for (const std::string& service : House::Services()) {
    ChildProcess& process = house_->process(service);
    process.Signal(SIGCONT);
    const bool usual = flags_[service].empty() && wrapper_[service].empty();
    if (usual && process.IsRunning() && Serves(*house_, service)) continue;
    RestartWith(service, {}, {});
  }
}

}  // namespace usher::chaos
