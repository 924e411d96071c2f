#include "common/rpc/health_rpc.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

constexpr absl::Duration kLongestRead = absl::Seconds(10);  // of an answer, by its client

Outcome Undecided(grpc::StatusCode code, const char* text) {
  Outcome outcome;
  outcome.decided = false;
  outcome.grpc_status = grpc::Status(code, text);
  return outcome;
}

}  // namespace

HealthRpc::HealthRpc() {
  RawService& health = Expose("grpc.health.v1.Health");
  AddUnary(health, "Check", [this](RawCall& call) { Check(call); });
  AddStream(health, "Watch", [this](StreamCall& call) { BeginWatch(call); });
}

void HealthRpc::Check(RawCall& call) const {
  HealthCheckRequest request;
  HealthCheckResponse response;
  Outcome outcome;
  if (!call.ReadRequest(&request)) {
    outcome = Undecided(grpc::StatusCode::INVALID_ARGUMENT, "no HealthCheckRequest");
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
  if (!call.ReadRequest(&request)) {
    sink->Close(Undecided(grpc::StatusCode::INVALID_ARGUMENT, "no HealthCheckRequest"));
  } else if (const absl::Status added = AddWatch(request.service(), sink); !added.ok()) {
    sink->Close(OutcomeOf(added));
  }
  call.LetGo();
}

absl::Status HealthRpc::AddWatch(const std::string& service, std::shared_ptr<StreamSink> sink) {
  const absl::MutexLock lock(&mutex_);
  if (ending_) return absl::UnavailableError("the server is stopping");
  if (watches_.size() >= std::min(kMostWatches, 2 * pruned_at_ + 16)) {
    watches_.remove_if([](const Watch& watch) { return watch.sink->closed(); });
    pruned_at_ = watches_.size();
  }
  if (watches_.size() >= kMostWatches) return Overloaded("health watches");
  watches_.push_back({service, std::move(sink), HealthCheckResponse::UNKNOWN});
  Tell(watches_.back());
  return absl::OkStatus();
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
