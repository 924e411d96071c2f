#include "services/room/engine/command_feed.h"

#include <iterator>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/engine/engine_errors.h"

namespace usher::room {
namespace {

constexpr absl::Duration kLongestLook = absl::Seconds(2);

// Commands are due within a second: a database that is back is not to be waited for.
RepeatingOptions Rhythm(const CommandFeedOptions& options, prometheus::Registry* registry) {
  return {.name = "engine commands",
          .period = options.period,
          .first_retry = options.period,
          .longest_retry = absl::Seconds(1),
          .registry = registry};
}

}  // namespace

CommandFeed::CommandFeed(EngineStore& store, const Clock& clock, CommandFeedOptions options,
                         prometheus::Registry* registry)
    : store_(store),
      clock_(clock),
      options_(options),
      repeating_(Rhythm(options, registry), [this] { return Deliver(); }) {
  if (registry == nullptr) return;
  engines_ = &prometheus::BuildGauge()
                  .Name("usher_engines")
                  .Help("Media engines whose stream of commands ends at this process.")
                  .Register(*registry)
                  .Add({});
  sent_ = &prometheus::BuildCounter()
               .Name("usher_engine_commands_total")
               .Help("Commands sent to media engines, repetitions included.")
               .Register(*registry)
               .Add({});
}

absl::Status CommandFeed::Add(const CompanyId& company, const EngineId& engine,
                              std::shared_ptr<CommandSink> sink) {
  std::shared_ptr<Watcher> before;
  {
    const absl::MutexLock lock(&mutex_);
    const Name name(company, engine);
    const auto found = watchers_.find(name);
    if (found == watchers_.end()) {
      if (watchers_.size() >= options_.most_engines) return Overloaded("streams of engines");
      sink->Open();
      watchers_.emplace(name, std::make_shared<Watcher>(std::move(sink)));
    } else {
      sink->Open();
      before = std::exchange(found->second, std::make_shared<Watcher>(std::move(sink)));
    }
    if (engines_ != nullptr) engines_->Set(static_cast<double>(watchers_.size()));
  }
  if (before != nullptr) before->sink->Close(TakenOver());
  return absl::OkStatus();
}

absl::Status CommandFeed::Deliver() {
  for (const auto& [name, watcher] : Open()) {
    if (repeating_.ending()->load()) break;
    RETURN_IF_ERROR(DeliverTo(name, *watcher));
  }
  return absl::OkStatus();
}

std::vector<std::pair<CommandFeed::Name, std::shared_ptr<CommandFeed::Watcher>>>
CommandFeed::Open() {
  const absl::MutexLock lock(&mutex_);
  for (auto it = watchers_.begin(); it != watchers_.end();) {
    it = it->second->sink->closed() ? watchers_.erase(it) : std::next(it);
  }
  if (engines_ != nullptr) engines_->Set(static_cast<double>(watchers_.size()));
  return {watchers_.begin(), watchers_.end()};
}

absl::Status CommandFeed::DeliverTo(const Name& name, Watcher& watcher) {
  CallContext call;
  call.rpc = "engine.watchCommands";
  call.request_id = "engine commands";
  call.company = name.first;
  call.deadline = absl::Now() + kLongestLook;
  call.cancelled = repeating_.ending();
  ASSIGN_OR_RETURN(
      const std::vector<Command> commands,
      store_.ListCommands(call, name.first, name.second, options_.most_unacknowledged));
  const absl::Time now = clock_.Now();
  absl::flat_hash_map<CommandId, absl::Time> sent;
  for (const Command& command : commands) {
    const auto before = watcher.sent.find(command.id);
    if (before != watcher.sent.end() && now - before->second < options_.patience) {
      sent.insert(*before);
      continue;
    }
    if (!watcher.sink->Send(command)) break;
    if (sent_ != nullptr) sent_->Increment();
    sent.emplace(command.id, now);
  }
  watcher.sent = std::move(sent);
  return absl::OkStatus();
}

}  // namespace usher::room
