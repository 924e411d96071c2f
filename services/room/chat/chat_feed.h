// Chat, told to all who watch it in this process.
#pragma once

#include <cstddef>
#include <memory>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "services/room/chat/chat_audience.h"
#include "services/room/chat/chat_listener.h"
#include "services/room/chat/chat_store.h"
#include "services/room/feed/feed.h"

namespace usher::room {

// The audience, and the thread that reads for it. Topics are rooms.
class ChatFeed {
 public:
  // All must outlive it; `registry` may be null.
  ChatFeed(ChatStore& store, const Clock& clock, ChatFeedOptions options = {},
           prometheus::Registry* registry = nullptr);

  // Thread-safe, and waits for nothing.
  void Add(ChatWatch watch, std::shared_ptr<ChatListener> listener);

  void Start() { feed_.Start(); }

  Feed& feed() { return feed_; }
  size_t watchers() const { return audience_.watchers(); }

 private:
  ChatAudience audience_;
  Feed feed_;  // ends before it
};

}  // namespace usher::room
