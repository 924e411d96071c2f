// The engines whose streams of commands end at this process, and what they are sent.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "services/room/engine/engine_store.h"
#include "services/room/feed/feed.h"

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
  // What was sent on a stream and not acknowledged is sent again.
  absl::Duration patience = absl::Seconds(30);
  uint32_t most_unacknowledged = 500;  // on their way to one engine
  // How soon an engine is looked at again that owes so many: others may wait behind them.
  absl::Duration catch_up = absl::Milliseconds(250);
  size_t most_engines = 1000;  // of this process
};

// What was sent stays in the table until it is acknowledged, at whichever replica.
class CommandStreams final : public FeedReader {
 public:
  // Both must outlive it; `registry` may be null.
  CommandStreams(EngineStore& store, const Clock& clock, CommandFeedOptions options,
                 prometheus::Registry* registry);

  // From the feed's next look on commands for this engine go there; another stream under the same
  // name is closed. Overloaded. Thread-safe.
  absl::Status Add(const CompanyId& company, const EngineId& engine,
                   std::shared_ptr<CommandSink> sink) ABSL_LOCKS_EXCLUDED(mutex_);

  void TakeIn() override ABSL_LOCKS_EXCLUDED(mutex_);
  bool Follows(const Topic& engine) const override ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<Topic> Followed() const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<Topic>> Read(Feed& feed, const std::vector<Topic>& engines) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<absl::Time> DoWhatIsDue(Feed& feed) override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Streams of one engine replace each other; a round may still hold the one before.
  struct Stream {
    explicit Stream(std::shared_ptr<CommandSink> way) : sink(std::move(way)) {}
    const std::shared_ptr<CommandSink> sink;
    // Of the feed's thread alone.
    absl::flat_hash_map<CommandId, absl::Time> sent;
    absl::Time look_again = absl::InfiniteFuture();
  };
  using StreamPtr = std::shared_ptr<Stream>;

  StreamPtr Find(const Topic& engine) const ABSL_LOCKS_EXCLUDED(mutex_);
  void ForgetClosed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Send(const std::vector<Command>& commands, Stream& stream);
  absl::Time LookAgain(const Stream& stream, size_t unacknowledged) const;

  EngineStore& store_;
  const Clock& clock_;
  const CommandFeedOptions options_;
  prometheus::Gauge* engines_ = nullptr;
  prometheus::Counter* sent_ = nullptr;
  mutable absl::Mutex mutex_;
  std::map<Topic, StreamPtr> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::room
