// The running calls of synchronous services: of gRPC, that is server reflection alone.
#pragma once

#include <grpcpp/server.h>

#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace usher::server {

// A tool that forgot its reflection stream would hold up the stop of a server for as long as a
// running call may take: these are cancelled instead. Thread-safe. gRPC knows one such object per
// process.
class SynchronousCalls final : public grpc::Server::GlobalCallbacks {
 public:
  // The one of this process, which gRPC knows of from then on; before the first server is built.
  static SynchronousCalls& Get();

  // Cancels what runs. Whoever begins later may run.
  void Cancel();

 private:
  void PreSynchronousRequest(grpc::ServerContext* context) override;
  void PostSynchronousRequest(grpc::ServerContext* context) override;

  absl::Mutex mutex_;
  std::set<grpc::ServerContext*> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::server
