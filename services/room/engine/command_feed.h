// Sends commands to the engines whose streams end at this process.
#pragma once

#include <prometheus/registry.h>

#include <memory>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "services/room/engine/command_streams.h"
#include "services/room/engine/engine_store.h"
#include "services/room/feed/feed.h"

namespace usher::room {

// The streams, and the thread that reads for them. Topics are engines. Every replica reads the
// commands of the engines that it has, so that it does not matter which one has written them.
class CommandFeed {
 public:
  // All must outlive it; `registry` may be null.
  CommandFeed(EngineStore& store, const Clock& clock, CommandFeedOptions options,
              prometheus::Registry* registry);

  // As CommandStreams::Add; the feed looks at once. Thread-safe.
  absl::Status Add(const CompanyId& company, const EngineId& engine,
                   std::shared_ptr<CommandSink> sink);

  void Start() { feed_.Start(); }

  Feed& feed() { return feed_; }

 private:
  CommandStreams streams_;
  Feed feed_;  // ends before them
};

}  // namespace usher::room
