// Who watches the chat of rooms in this process, and what they are told.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "services/room/chat/chat_listener.h"
#include "services/room/chat/chat_message.h"
#include "services/room/chat/chat_store.h"
#include "services/room/feed/feed.h"

namespace usher::room {

struct ChatFeedOptions {
  absl::Duration judge_period = absl::Seconds(2);    // how old a judgement of rights gets
  absl::Duration catch_up = absl::Milliseconds(50);  // how soon a slow client is looked at again
  // After so much silence there is a sign of life: what stands between ends a stream on which
  // nothing moves (the edge after a minute).
  absl::Duration longest_silence = absl::Seconds(25);
};

// Each room is read once for all who watch it, in the order of its positions, and told to them in
// that order. Who begins further back is brought up page by page beside that, as fast as the
// client takes it, and kept apart until then.
class ChatAudience final : public FeedReader {
 public:
  // Both must outlive it.
  ChatAudience(ChatStore& store, const Clock& clock, ChatFeedOptions options);

  // Thread-safe, and waits for nothing. Nothing is told before the feed looks.
  void Add(ChatWatch watch, std::shared_ptr<ChatListener> listener);

  size_t watchers() const { return watchers_.load(); }

  void TakeIn() override;
  bool Follows(const Topic& room) const override { return rooms_.contains(room); }
  std::vector<Topic> Followed() const override;
  absl::StatusOr<std::vector<Topic>> Read(Feed& feed, const std::vector<Topic>& rooms) override;
  absl::StatusOr<absl::Time> DoWhatIsDue(Feed& feed) override;

 private:
  struct Watcher {
    ChatWatch watch;
    std::shared_ptr<ChatListener> listener;
    absl::Time told_at;
    bool over = false;  // nothing is to be told any more
  };
  using WatcherPtr = std::shared_ptr<Watcher>;
  struct FollowedRoom {
    int64_t head = 0;                // told to all who are up to date
    std::vector<WatcherPtr> live;    // these; who begins further on is not told what is before
    std::vector<WatcherPtr> behind;  // those who begin before head
  };

  void Place(WatcherPtr arrived);
  absl::Status CatchUp(const Feed& feed);
  absl::Status CatchUpIn(const Feed& feed, const Topic& room, FollowedRoom& followed);
  absl::Status JudgeSome(const Feed& feed);
  void BeginJudging();
  void Prune();
  void Tell(Watcher& watcher, const std::vector<ChatMessage>& messages);
  void TellPosition(Watcher& watcher);
  void End(Watcher& watcher, const absl::Status& why);

  ChatStore& store_;
  const Clock& clock_;
  const ChatFeedOptions options_;

  // The feed's thread's own.
  std::map<Topic, FollowedRoom> rooms_;
  std::vector<WatcherPtr> unjudged_;  // of this period
  absl::Time next_judging_;
  std::set<Topic> laggards_;  // rooms in which somebody is behind
  Topic failed_;              // the room where nobody could be taken further
  bool goes_on_ = false;      // and may be ready for the next page
  std::atomic<size_t> watchers_{0};

  absl::Mutex mutex_;
  std::vector<WatcherPtr> arrived_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::room
