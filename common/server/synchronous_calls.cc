#include "common/server/synchronous_calls.h"

#include <grpcpp/server_context.h>

namespace usher::server {

SynchronousCalls& SynchronousCalls::Get() {
  static SynchronousCalls* const calls = [] {
    auto* made = new SynchronousCalls();  // servers may live as long as the process
    grpc::Server::SetGlobalCallbacks(made);
    return made;
  }();
  return *calls;
}

void SynchronousCalls::Cancel() {
  const absl::MutexLock lock(&mutex_);
  for (grpc::ServerContext* context : running_) context->TryCancel();
}

void SynchronousCalls::PreSynchronousRequest(grpc::ServerContext* context) {
  const absl::MutexLock lock(&mutex_);
  running_.insert(context);
}

void SynchronousCalls::PostSynchronousRequest(grpc::ServerContext* context) {
  const absl::MutexLock lock(&mutex_);
  running_.erase(context);
}

}  // namespace usher::server
