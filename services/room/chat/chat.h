// What can be done in the chat of rooms: who may, what is kept, who is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "services/room/chat/chat_feed.h"
#include "services/room/chat/chat_message.h"
#include "services/room/chat/chat_store.h"
#include "services/room/feed/wakeup.h"

namespace usher::room {

// Where a page of the history ended.
struct ChatPageEnd {
  absl::Time sent_at;    // of its oldest message
  int64_t position = 0;  // likewise

  friend bool operator==(const ChatPageEnd&, const ChatPageEnd&) = default;
};

struct HistoryWish {
  RoomId room;
  ChatScope scope;
  absl::Time from = absl::UnixEpoch();
  absl::Time until = kEndOfTime;    // exclusive
  std::optional<ChatPageEnd> page;  // nothing: the newest
  uint32_t limit = 100;
};

struct HistoryPage {
  std::vector<ChatMessage> messages;  // the oldest first
  std::optional<ChatPageEnd> next;    // where older ones are
  std::optional<int64_t> position;    // of the first page: how far the room had come
};

struct WatchWish {
  RoomId room;
  ChatScope scope;
  std::optional<int64_t> after;  // nothing: from now on
};

// Thread-safe. Rooms are ROOM_NOT_FOUND as in rooms.h; who may: chat_rights.h.
class Chat {
 public:
  Chat(ChatStore& store, ChatFeed& feed, Wakeup& wakeup)
      : store_(store), feed_(feed), wakeup_(wakeup) {}

  // To all rooms of the draft, or to none. Answers under which ID, and when.
  absl::StatusOr<ChatReceipt> Send(const Caller& caller, const ChatDraft& draft);

  absl::StatusOr<HistoryPage> History(const Caller& caller, const HistoryWish& wish);

  // Tells the listener at once where it begins, then of every message behind that, until it is
  // closed or may not listen any more. RANGE_ERROR for a position that the room has not reached.
  // When it fails, the listener was told nothing.
  absl::Status Watch(const Caller& caller, const WatchWish& wish,
                     std::shared_ptr<ChatListener> listener);

  // Deletes what a user has written who was removed, in pieces: what is done stays done when it
  // fails.
  absl::Status ForgetUser(const CallContext& call, const CompanyId& company, const UserId& user);

 private:
  absl::Status RequireMayRead(const Caller& caller, const Viewer& viewer, const RoomId& room,
                              const ChatScope& scope);

  ChatStore& store_;
  ChatFeed& feed_;
  Wakeup& wakeup_;
};

}  // namespace usher::room
