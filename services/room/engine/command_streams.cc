#include "services/room/engine/command_streams.h"

#include <algorithm>
#include <utility>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/engine/engine_errors.h"

namespace usher::room {

CommandStreams::CommandStreams(EngineStore& store, const Clock& clock, CommandFeedOptions options,
                               prometheus::Registry* registry)
    : store_(store), clock_(clock), options_(options) {
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

absl::Status CommandStreams::Add(const CompanyId& company, const EngineId& engine,
                                 std::shared_ptr<CommandSink> sink) {
  StreamPtr before;
  {
    const absl::MutexLock lock(&mutex_);
    const Topic name{company, engine.value()};
    if (streams_.size() >= options_.most_engines) ForgetClosed();
    if (streams_.size() >= options_.most_engines && !streams_.contains(name)) {
      return Overloaded("streams of engines");
    }
    sink->Open();
    before = std::exchange(streams_[name], std::make_shared<Stream>(std::move(sink)));
    if (engines_ != nullptr) engines_->Set(static_cast<double>(streams_.size()));
  }
  if (before != nullptr) before->sink->Close(TakenOver());
  return absl::OkStatus();
}

void CommandStreams::TakeIn() {
  const absl::MutexLock lock(&mutex_);
  ForgetClosed();
}

void CommandStreams::ForgetClosed() {
  std::erase_if(streams_, [](const auto& stream) { return stream.second->sink->closed(); });
  if (engines_ != nullptr) engines_->Set(static_cast<double>(streams_.size()));
}

bool CommandStreams::Follows(const Topic& engine) const { return Find(engine) != nullptr; }

std::vector<Topic> CommandStreams::Followed() const {
  std::vector<Topic> engines;
  const absl::MutexLock lock(&mutex_);
  engines.reserve(streams_.size());
  for (const auto& [engine, stream] : streams_) engines.push_back(engine);
  return engines;
}

CommandStreams::StreamPtr CommandStreams::Find(const Topic& engine) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(engine);
  return found == streams_.end() ? nullptr : found->second;
}

absl::StatusOr<std::vector<Topic>> CommandStreams::Read(Feed& feed,
                                                        const std::vector<Topic>& engines) {
  std::vector<StreamPtr> streams;
  std::vector<EngineId> ids;
  for (const Topic& engine : engines) {
    StreamPtr stream = Find(engine);
    if (stream == nullptr) continue;
    streams.push_back(std::move(stream));
    ids.emplace_back(engine.name);
  }
  if (streams.empty()) return std::vector<Topic>();
  CallContext call = feed.NewCall();
  call.company = engines.front().company;
  ASSIGN_OR_RETURN(const auto commands,
                   store_.ListCommands(call, call.company, ids, options_.most_unacknowledged));
  for (size_t i = 0; i < streams.size(); ++i) Send(commands[i], *streams[i]);
  return std::vector<Topic>();  // what is beyond the most has to wait for acknowledgements
}

void CommandStreams::Send(const std::vector<Command>& commands, Stream& stream) {
  const absl::Time now = clock_.Now();
  absl::flat_hash_map<CommandId, absl::Time> sent;
  for (const Command& command : commands) {
    const auto before = stream.sent.find(command.id);
    if (before != stream.sent.end() && now - before->second < options_.patience) {
      sent.insert(*before);
      continue;
    }
    if (!stream.sink->Send(command)) break;
    if (sent_ != nullptr) sent_->Increment();
    sent.emplace(command.id, now);
  }
  stream.sent = std::move(sent);
  stream.look_again = LookAgain(stream, commands.size());
}

absl::Time CommandStreams::LookAgain(const Stream& stream, size_t unacknowledged) const {
  if (unacknowledged >= options_.most_unacknowledged) return clock_.Now() + options_.catch_up;
  absl::Time oldest = absl::InfiniteFuture();
  for (const auto& [id, at] : stream.sent) oldest = std::min(oldest, at);
  return oldest + options_.patience;
}

absl::StatusOr<absl::Time> CommandStreams::DoWhatIsDue(Feed& feed) {
  const absl::Time now = clock_.Now();
  absl::Time next = absl::InfiniteFuture();
  const absl::MutexLock lock(&mutex_);
  for (const auto& [engine, stream] : streams_) {
    if (stream->look_again <= now) {
      stream->look_again = absl::InfiniteFuture();
      feed.Look(engine);
    }
    next = std::min(next, stream->look_again);
  }
  return next;
}

}  // namespace usher::room
