// Who watches the chat of rooms in this process, and the one thread that tells all of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "services/room/chat/chat_message.h"
#include "services/room/chat/chat_store.h"

namespace usher::room {

// One who watches: a client at the end of a stream. Thread-safe; waits for nothing.
class ChatListener {
 public:
  virtual ~ChatListener() = default;

  // Before all messages: behind which position they begin, and whether some behind it are
  // forgotten. False when nobody listens any more.
  virtual bool Begin(int64_t position, bool gap) = 0;
  // The oldest first, none of them twice; `position` is that of the room behind them. Without
  // messages it is a sign of life. False when nobody listens any more, be it that the client reads
  // too slowly.
  virtual bool Tell(const std::vector<const ChatMessage*>& messages, int64_t position) = 0;
  // Why nothing more comes.
  virtual void End(const absl::Status& why) = 0;
  virtual bool closed() const = 0;
  // Whether the client has taken what it was told, so that more of the past can be sent.
  virtual bool ready() const = 0;
};

// What is watched, by whom, from where.
struct ChatWatch {
  Viewer viewer;
  RoomId room;
  ChatScope scope;
  int64_t after = 0;
};

struct ChatFeedOptions {
  absl::Duration judge_period = absl::Seconds(2);    // how old a judgement of rights gets
  absl::Duration retry = absl::Milliseconds(300);    // after a failure of the store
  absl::Duration catch_up = absl::Milliseconds(50);  // how soon a slow client is looked at again
  // After so much silence there is a sign of life: what stands between ends a stream on which
  // nothing moves (the edge after a minute).
  absl::Duration longest_silence = absl::Seconds(25);
};

// Each room is read once for all who watch it, in the order of its positions, and told to them in
// that order. Who begins further back is brought up page by page beside that, as fast as the
// client takes it, and kept apart until then. Nothing relies on wake-ups: they say when to look.
class ChatFeed {
 public:
  // Both must outlive it.
  ChatFeed(ChatStore& store, const Clock& clock, ChatFeedOptions options = {});
  ~ChatFeed();  // waits for a statement at most

  // Thread-safe, as the next two; none of them waits.
  void Add(ChatWatch watch, std::shared_ptr<ChatListener> listener);
  void Look(const CompanyId& company, const RoomId& room);
  void LookEverywhere();

  // The thread. Without it nobody is told anything.
  void Start();

  // One round of the thread: everything that is due. Answers when the next one is, if nobody calls
  // before.
  absl::Time Round();

  size_t watchers() const { return watchers_.load(); }

 private:
  struct Watcher {
    ChatWatch watch;
    std::shared_ptr<ChatListener> listener;
    absl::Time told_at;
    bool over = false;  // nothing is to be told any more
  };
  using WatcherPtr = std::shared_ptr<Watcher>;
  struct Followed {
    int64_t head = 0;                // told to all who are up to date
    std::vector<WatcherPtr> live;    // these; who begins further on is not told what is before
    std::vector<WatcherPtr> behind;  // those who begin before head
  };
  using RoomKey = std::pair<CompanyId, RoomId>;

  void Run();
  void TakeIn();
  void Place(WatcherPtr arrived);
  absl::Status DoWhatIsDue();
  absl::Status TellNews();
  absl::Status LookSomewhere();
  absl::Status ReadRooms(const std::vector<RoomKey>& rooms);
  absl::Status CatchUp();
  absl::Status CatchUpIn(const RoomKey& key, Followed& followed);
  absl::Status JudgeSome();
  void BeginJudging();
  void Prune();
  void Tell(Watcher& watcher, const std::vector<ChatMessage>& messages);
  void TellPosition(Watcher& watcher);
  void End(Watcher& watcher, const absl::Status& why);
  CallContext NewCall() const;

  ChatStore& store_;
  const Clock& clock_;
  const ChatFeedOptions options_;

  // The thread's own.
  std::map<RoomKey, Followed> rooms_;
  std::set<RoomKey> news_;            // rooms that were called
  std::set<RoomKey> perhaps_;         // and those at which to look beside them
  std::vector<WatcherPtr> unjudged_;  // of this period
  absl::Time next_judging_;
  std::set<RoomKey> laggards_;  // rooms in which somebody is behind
  bool goes_on_ = false;        // and may be ready for the next page
  bool failing_ = false;
  std::atomic<size_t> watchers_{0};

  mutable absl::Mutex mutex_;
  std::vector<WatcherPtr> arrived_ ABSL_GUARDED_BY(mutex_);
  std::set<RoomKey> called_ ABSL_GUARDED_BY(mutex_);
  bool everywhere_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
  std::thread thread_;
};

}  // namespace usher::room
