// Sends commands to the engines whose streams end at this process.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/repeating.h"
#include "services/room/engine/engine_store.h"

namespace usher::room {

// The way to one engine. Thread-safe.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  // Says that the stream is open; before the first command.
  virtual void Open() = 0;
  // False when the stream is over.
  virtual bool Send(const Command& command) = 0;
  virtual void Close(const absl::Status& status) = 0;
  virtual bool closed() const = 0;
};

struct CommandFeedOptions {
  // From the end of one round to the beginning of the next: commands are looked for this often
  // (docs/adr/0036).
  absl::Duration period = absl::Milliseconds(250);
  // What was sent on a stream and not acknowledged is sent again.
  absl::Duration patience = absl::Seconds(30);
  uint32_t most_unacknowledged = 500;  // on their way to one engine
  size_t most_engines = 1000;          // of this process
};

// Thread-safe. Every replica reads the commands of the engines that it has, so that it does not
// matter which one has written them. What was sent stays until it is acknowledged.
class CommandFeed {
 public:
  // `registry` may be null.
  CommandFeed(EngineStore& store, const Clock& clock, CommandFeedOptions options,
              prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // From now on commands for this engine go there; another stream under the same name is closed.
  // Overloaded.
  absl::Status Add(const CompanyId& company, const EngineId& engine,
                   std::shared_ptr<CommandSink> sink) ABSL_LOCKS_EXCLUDED(mutex_);

  // One round: sends what has come up. Fails as the store does, which ends the round.
  absl::Status Deliver() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Streams of one engine replace each other; a round may still hold the one before.
  struct Watcher {
    explicit Watcher(std::shared_ptr<CommandSink> way) : sink(std::move(way)) {}
    const std::shared_ptr<CommandSink> sink;
    absl::flat_hash_map<CommandId, absl::Time> sent;  // of the round's thread alone
  };
  using Name = std::pair<CompanyId, EngineId>;

  std::vector<std::pair<Name, std::shared_ptr<Watcher>>> Open() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status DeliverTo(const Name& name, Watcher& watcher);

  EngineStore& store_;
  const Clock& clock_;
  const CommandFeedOptions options_;
  prometheus::Gauge* engines_ = nullptr;
  prometheus::Counter* sent_ = nullptr;
  absl::Mutex mutex_;
  std::map<Name, std::shared_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mutex_);
  Repeating repeating_;
};

}  // namespace usher::room
