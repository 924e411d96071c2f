#include "deploy/engines/livekit/engine_session.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"

namespace usher::livekit {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
constexpr absl::Duration kLongestRest = absl::Seconds(1);  // the clock may be set

}  // namespace

EngineSession::EngineSession(std::unique_ptr<LiveKitApi> livekit, std::unique_ptr<Usher> usher,
                             WorkOptions options, const Clock& clock,
                             prometheus::Registry* registry,
                             std::shared_ptr<std::atomic<bool>> ending)
    : company_(options.company),
      livekit_(std::move(livekit)),
      usher_(std::move(usher)),
      work_(std::move(options), *livekit_, *usher_, clock, registry),
      ending_(std::move(ending)) {}

EngineSession::~EngineSession() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_->store(true);
  }
  usher_->StopWatching();
  if (following_.joinable()) following_.join();
  if (working_.joinable()) working_.join();
}

void EngineSession::Start() {
  following_ = std::thread([this] { Follow(); });
  working_ = std::thread([this] { Work(); });
}

void EngineSession::Hear(wire::WebhookEvent event) { Add(std::move(event)); }

void EngineSession::Add(News news) {
  const absl::MutexLock lock(&mutex_);
  // Commands that are dropped were not acknowledged, and come again; a welcome does not, nor what
  // webhooks tell of somebody whom the next sweep finds as they were.
  if (news_.size() < kMostNews) {
    news_.push_back(std::move(news));
  } else {
    missed_ = true;
  }
}

std::deque<EngineSession::News> EngineSession::TakeNews(absl::Duration patience, bool* missed) {
  const absl::MutexLock lock(&mutex_);
  const auto is_awake = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !news_.empty() || ending_->load();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&is_awake), patience);
  *missed = std::exchange(missed_, false);
  return std::exchange(news_, {});
}

void EngineSession::Follow() {
  absl::Duration pause = kFirstPause;
  bool complained = false;
  while (!ending_->load()) {
    bool opened = false;
    const absl::Status status = usher_->Watch([&](Usher::Command command) {
      if (command.has_welcome()) {
        opened = true;
        log::Info("usher's commands are followed", {{"company", company_}});
      }
      Add(std::move(command));
    });
    if (opened) {
      pause = kFirstPause;
      complained = false;
    }
    if (!complained && !ending_->load()) {
      log::Warning("usher's commands are not followed, which is tried again",
                   {{"company", company_}, {"error", status.message()}});
      complained = true;
    }
    const absl::MutexLock lock(&mutex_);
    const auto is_ending = [this] { return ending_->load(); };
    mutex_.AwaitWithTimeout(absl::Condition(&is_ending), pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

void EngineSession::Work() {
  absl::Duration pause = absl::ZeroDuration();
  while (!ending_->load()) {
    bool missed = false;
    for (News& news : TakeNews(std::min(pause, kLongestRest), &missed)) {
      if (ending_->load()) return;
      if (const auto* event = std::get_if<wire::WebhookEvent>(&news)) work_.Hear(*event);
      if (const auto* command = std::get_if<Usher::Command>(&news)) work_.Obey(*command);
    }
    if (missed) {
      log::Warning("so much was told at once that some was lost: everybody is judged again",
                   {{"company", company_}});
      work_.HasMissed();
    }
    pause = work_.Round();
  }
}

}  // namespace usher::livekit
