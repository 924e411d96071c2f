// What the connections of a door share, and the way of answers back to its thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/http/answer.h"
#include "common/http/origins.h"
#include "common/http/routes.h"
#include "common/rpc/gate/gate.h"
#include "common/rpc/lane/byte_budget.h"
#include "common/rpc/source.h"

namespace usher::http {

class Connection;

struct DoorOptions {
  Origins origins;
  rpc::TrustedProxies trusted_proxies;
  absl::Duration connection_idle = absl::Minutes(15);  // without a request
  absl::Duration connection_age = absl::Minutes(30);
  // From the first byte of a head, or of a body, to its last one.
  absl::Duration longest_head = absl::Seconds(10);
  absl::Duration longest_body = absl::Seconds(30);
  // How long a client may take to close, once it was told the end.
  absl::Duration longest_farewell = absl::Seconds(2);
  // Of bodies that are on their way in, above 16 KiB each; bytes.
  size_t most_body_bytes = 128 * 1024 * 1024;
  size_t most_body_bytes_of_one = 32 * 1024 * 1024;
};

// For metrics. Thread-safe.
struct DoorCounters {
  std::atomic<uint64_t> connections{0};  // open
  std::atomic<uint64_t> calls{0};        // that the gate has
  std::atomic<uint64_t> requests{0};     // that became calls, so far
  std::atomic<uint64_t> refused{0};      // that did not
  std::atomic<uint64_t> received{0};     // bytes
  std::atomic<uint64_t> sent{0};
};

// Thread-safe.
class Exchange {
 public:
  // `wake` has the door's thread call SendAnswers soon; from any thread.
  Exchange(rpc::Gate& gate, DoorOptions options, std::function<void()> wake)
      : gate(gate),
        routes(gate),
        options(std::move(options)),
        body_bytes(this->options.most_body_bytes, this->options.most_body_bytes_of_one),
        wake_(std::move(wake)) {}

  // Has the door's thread send an answer on a connection, together with all that are ready by then.
  void AnswerSoon(std::shared_ptr<Connection> connection, Answer answer);
  // On the door's thread.
  void SendAnswers();

  rpc::Gate& gate;
  const Routes routes;
  const DoorOptions options;
  rpc::ByteBudget body_bytes;
  DoorCounters counters;
  std::atomic<bool> draining{false};

 private:
  using Ready = std::pair<std::shared_ptr<Connection>, Answer>;

  const std::function<void()> wake_;
  absl::Mutex mutex_;
  std::vector<Ready> ready_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::http
