#include "services/room/chat/chat_feed.h"

#include <utility>

namespace usher::room {

ChatFeed::ChatFeed(ChatStore& store, const Clock& clock, ChatFeedOptions options,
                   prometheus::Registry* registry)
    : audience_(store, clock, options),
      feed_(audience_, clock, {.name = "chat feed", .topics_at_once = 200, .registry = registry}) {}

void ChatFeed::Add(ChatWatch watch, std::shared_ptr<ChatListener> listener) {
  const Topic room{watch.viewer.company, watch.room.value()};
  audience_.Add(std::move(watch), std::move(listener));
  feed_.Look(room);
}

}  // namespace usher::room
