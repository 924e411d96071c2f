// What all five servers stand on, built in order of dependency: database, keys, gate.
#pragma once

#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/db/migrator.h"
#include "common/db/pool.h"
#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "common/rpc/lane/lane.h"
#include "common/rpc/peer/auth_feed.h"
#include "common/server/metrics.h"
#include "common/server/options.h"
#include "common/token/feed_state.h"
#include "common/token/key_ring.h"
#include "common/token/revocations.h"
#include "common/token/token_verifier.h"

namespace usher::server {

class Foundation {
 public:
  // Opens the pool and checks the schema. Errors as in Pool::Open and RequireCurrentSchema.
  static absl::StatusOr<std::unique_ptr<Foundation>> Open(
      const Options& options, const std::vector<db::Migration>& migrations);

  const Options& options() const { return options_; }
  db::Pool& pool() { return *pool_; }
  const Clock& clock() const { return clock_; }
  token::KeyRing& keys() { return keys_; }
  token::Revocations& revocations() { return revocations_; }
  const token::FeedState& feed_state() const { return feed_state_; }
  token::TokenVerifier& verifier() { return verifier_; }
  prometheus::Registry& registry() { return *registry_; }
  rpc::Lanes& lanes() { return lanes_; }
  rpc::Gate& gate() { return gate_; }

  // What SIGHUP makes this process read again, beside its certificates; on the thread that waits
  // for signals, so that it must not take long. Before ServeUntilStopped, which it outlives.
  void AlsoOnHangup(std::function<void()> read);

  // Starts to follow auth, serves the services until SIGTERM or SIGINT, and drains. Health says
  // SERVING once keys and revocations are there.
  absl::Status ServeUntilStopped(rpc::AuthSource& auth, std::vector<rpc::Service*> services);

 private:
  Foundation(const Options& options, std::unique_ptr<db::Pool> pool);

  const Options options_;
  const SystemClock clock_{};
  const std::unique_ptr<db::Pool> pool_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_;
  const std::shared_ptr<prometheus::Registry> registry_;
  rpc::Lanes lanes_;
  rpc::Gate gate_;
  std::vector<std::function<void()>> on_hangup_;
};

}  // namespace usher::server
