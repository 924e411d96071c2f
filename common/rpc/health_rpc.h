// grpc.health.v1.Health, check and watch, on the same completion queue as everything else: gRPC's
// own health service runs on callback threads that halve the throughput of the server
// (docs/performance.md).
#pragma once

#include <grpc/health/v1/health.grpc.pb.h>

#include <atomic>
#include <set>
#include <string>

#include "common/rpc/service.h"
#include "common/rpc/unary_call.h"

namespace usher::rpc {

// Thread-safe. One per server. Answers for "" and for every service that it was told of.
class HealthRpc final : public Service {
 public:
  HealthRpc();

  // Names the services to answer for; before the server starts.
  void AnswerFor(std::set<std::string> services) { services_ = std::move(services); }

  // NOT_SERVING until this is set. Watchers hear of it within a quarter of a second.
  void SetServing(bool serving) { serving_.store(serving); }

  // Ends the watches: a server with an open stream does not stop.
  void EndWatches() { ending_.store(true); }

 private:
  class Watch;
  using AsyncHealth = ::grpc::health::v1::Health::AsyncService;
  using ServingStatus = ::grpc::health::v1::HealthCheckResponse::ServingStatus;
  using CheckMethod =
      UnaryMethod<::grpc::health::v1::HealthCheckRequest, ::grpc::health::v1::HealthCheckResponse>;

  // SERVICE_UNKNOWN for a service that is not here.
  ServingStatus StatusOf(const std::string& service) const;
  void Check(UnaryCall<::grpc::health::v1::HealthCheckRequest,
                       ::grpc::health::v1::HealthCheckResponse>& call) const;

  AsyncHealth service_;
  CheckMethod check_;
  std::set<std::string> services_;
  std::atomic<bool> serving_{false};
  std::atomic<bool> ending_{false};
};

}  // namespace usher::rpc
