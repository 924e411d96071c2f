// grpc.health.v1.Health, check and watch, on the same completion queue as everything else: gRPC's
// own health service runs on callback threads that halve the throughput of the server
// (docs/performance.md).
#pragma once

#include <grpc/health/v1/health.pb.h>

#include <atomic>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/call/service.h"
#include "common/rpc/call/stream.h"

namespace usher::rpc {

// Thread-safe. One per server. Answers for "" and for every service that it was told of. A watch
// costs nothing while nothing changes.
class HealthRpc final : public Service {
 public:
  // `most_watches`: of the whole process; of one address half as many. A further one is refused
  // with RESOURCE_EXHAUSTED.
  explicit HealthRpc(size_t most_watches = kMostWatches);

  // Names the services to answer for; before the server starts.
  void AnswerFor(std::set<std::string> services) { services_ = std::move(services); }

  // NOT_SERVING until this is set. Watchers hear of it at once.
  void SetServing(bool serving);

  // Ends the watches: a server with an open stream does not stop.
  void EndStreams() override;

  static constexpr size_t kMostWatches = 16384;

 private:
  using ServingStatus = ::grpc::health::v1::HealthCheckResponse::ServingStatus;

  struct Watch {
    std::string service;
    std::string source;
    std::shared_ptr<StreamSink> sink;
    ServingStatus told;
  };

  // SERVICE_UNKNOWN for a service that is not here.
  ServingStatus StatusOf(const std::string& service) const;
  void Check(RawCall& call) const;
  void BeginWatch(StreamCall& call);
  absl::Status AddWatch(const std::string& service, const std::string& source,
                        std::shared_ptr<StreamSink> sink);
  void Prune() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(Watch& watch) const;

  const size_t most_watches_;
  std::set<std::string> services_;
  std::atomic<bool> serving_{false};
  absl::Mutex mutex_;
  std::list<Watch> watches_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, size_t> by_source_ ABSL_GUARDED_BY(mutex_);
  size_t pruned_at_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_prune_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::rpc
