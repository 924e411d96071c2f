#include "common/rpc/health_rpc.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/rpc/source.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

constexpr absl::Duration kLongestRead = absl::Seconds(10);  // of an answer, by its client
constexpr absl::Duration kBetweenLooksAtWatches = absl::Milliseconds(100);
// A request is read by the polling thread, and the name in it is kept for as long as the watch
// lasts. No service has one that is nearly as long.
constexpr size_t kLargestHealthRequest = 1024;  // bytes

Outcome Undecided(grpc::StatusCode code, const char* text) {
  Outcome outcome;
  outcome.decided = false;
  outcome.grpc_status = grpc::Status(code, text);
  return outcome;
}

// False for what is no such message, and for what is too large to be one of ours, unread.
bool ReadHealthRequest(GrpcIncoming& call, HealthCheckRequest* request) {
  return call.RequestSize() <= kLargestHealthRequest && call.ReadRequest(request);
}

std::string WatcherOf(const GrpcIncoming& call) {
  return Source::Of(call.Peer(), "", TrustedProxies()).key();
}

Outcome NoRequest() {
  return Undecided(grpc::StatusCode::INVALID_ARGUMENT, "no HealthCheckRequest");
}

}  // namespace

HealthRpc::HealthRpc(size_t most_watches) : most_watches_(most_watches) {
  RawService& health = Expose("grpc.health.v1.Health");
  AddUnary(health, "Check", [this](RawCall& call) { Check(call); });
  AddStream(health, "Watch", [this](StreamCall& call) { BeginWatch(call); });
}

void HealthRpc::Check(RawCall& call) const {
  HealthCheckRequest request;
  HealthCheckResponse response;
  Outcome outcome;
  if (!ReadHealthRequest(call, &request)) {
    outcome = NoRequest();
  } else {
    response.set_status(StatusOf(request.service()));
    if (response.status() == HealthCheckResponse::SERVICE_UNKNOWN) {
      outcome = Undecided(grpc::StatusCode::NOT_FOUND, "no such service here");
    }
  }
  call.Answer(outcome, response, std::min(call.Deadline(), absl::Now() + kLongestRead), nullptr);
}

void HealthRpc::BeginWatch(StreamCall& call) {
  HealthCheckRequest request;
  const std::shared_ptr<StreamSink> sink = call.sink();
  if (!ReadHealthRequest(call, &request)) {
    sink->Close(NoRequest());
  } else if (const absl::Status added = AddWatch(request.service(), WatcherOf(call), sink);
             !added.ok()) {
    sink->Close(OutcomeOf(added));
  }
  call.LetGo();
}

absl::Status HealthRpc::AddWatch(const std::string& service, const std::string& source,
                                 std::shared_ptr<StreamSink> sink) {
  const absl::MutexLock lock(&mutex_);
  if (ending_) return absl::UnavailableError("the server is stopping");
  const auto is_full = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = by_source_.find(source);
    return watches_.size() >= most_watches_ ||
           (found != by_source_.end() && found->second >= most_watches_ / 2);
  };
  if (watches_.size() >= 2 * pruned_at_ + 16 || is_full()) Prune();
  if (is_full()) return Overloaded("health watches");
  ++by_source_[source];
  watches_.push_back({service, source, std::move(sink), HealthCheckResponse::UNKNOWN});
  Tell(watches_.back());
  return absl::OkStatus();
}

// Not for each of many that are refused: it looks at all, on the polling thread.
void HealthRpc::Prune() {
  const absl::Time now = absl::Now();
  if (now < next_prune_) return;
  next_prune_ = now + kBetweenLooksAtWatches;
  watches_.remove_if([](const Watch& watch) { return watch.sink->closed(); });
  pruned_at_ = watches_.size();
  by_source_.clear();
  for (const Watch& watch : watches_) ++by_source_[watch.source];
}

void HealthRpc::Tell(Watch& watch) const {
  const ServingStatus status = StatusOf(watch.service);
  if (status == watch.told) return;
  watch.told = status;
  HealthCheckResponse response;
  response.set_status(status);
  watch.sink->Send(response);
}

void HealthRpc::SetServing(bool serving) {
  const absl::MutexLock lock(&mutex_);
  serving_.store(serving);
  for (Watch& watch : watches_) Tell(watch);
}

void HealthRpc::EndStreams() {
  std::list<Watch> watches;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    watches.swap(watches_);
  }
  for (const Watch& watch : watches) {
    watch.sink->Close(Undecided(grpc::StatusCode::UNAVAILABLE, "the server is stopping"));
  }
}

HealthRpc::ServingStatus HealthRpc::StatusOf(const std::string& service) const {
  if (!service.empty() && services_.count(service) == 0) {
    return HealthCheckResponse::SERVICE_UNKNOWN;
  }
  return serving_.load() ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

}  // namespace usher::rpc
