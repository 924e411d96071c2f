// The engine of one company, on two threads: one follows usher's commands, one does the work.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <thread>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "deploy/engines/livekit/engine_work.h"

namespace usher::livekit {

// Thread-safe.
class EngineSession {
 public:
  // `ending` is set when the session ends, for whatever waits in `work`.
  EngineSession(std::unique_ptr<LiveKitApi> livekit, std::unique_ptr<Usher> usher,
                WorkOptions options, const Clock& clock, prometheus::Registry* registry,
                std::shared_ptr<std::atomic<bool>> ending);
  // Ends both threads, within one wait for an answer.
  ~EngineSession();

  void Start();

  // As much as webhooks and usher's commands may have told and the work has not come to.
  static constexpr size_t kMostNews = 20000;

  // What a webhook told. Does not wait. More than can be kept are dropped, and everybody is judged
  // again instead.
  void Hear(wire::WebhookEvent event);

 private:
  using News = std::variant<wire::WebhookEvent, Usher::Command>;

  void Follow();
  void Work();
  void Add(News news);
  // Waits for news, and no longer than `patience`. `missed`: whether some were dropped before.
  std::deque<News> TakeNews(absl::Duration patience, bool* missed);

  const std::string company_;
  const std::unique_ptr<LiveKitApi> livekit_;
  const std::unique_ptr<Usher> usher_;
  EngineWork work_;
  const std::shared_ptr<std::atomic<bool>> ending_;

  absl::Mutex mutex_;
  std::deque<News> news_ ABSL_GUARDED_BY(mutex_);
  bool missed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread following_;
  std::thread working_;
};

}  // namespace usher::livekit
