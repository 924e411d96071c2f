#include "services/room/engine/command_feed.h"

#include <utility>

#include "common/status/try.h"

namespace usher::room {
namespace {

// With as many commands each as may be on their way it is a megabyte.
constexpr size_t kEnginesAtOnce = 20;

}  // namespace

CommandFeed::CommandFeed(EngineStore& store, const Clock& clock, CommandFeedOptions options,
                         prometheus::Registry* registry)
    : streams_(store, clock, options, registry),
      feed_(streams_, clock,
            {.name = "engine commands", .topics_at_once = kEnginesAtOnce, .registry = registry}) {}

absl::Status CommandFeed::Add(const CompanyId& company, const EngineId& engine,
                              std::shared_ptr<CommandSink> sink) {
  RETURN_IF_ERROR(streams_.Add(company, engine, std::move(sink)));
  feed_.Look({company, engine.value()});
  return absl::OkStatus();
}

}  // namespace usher::room
