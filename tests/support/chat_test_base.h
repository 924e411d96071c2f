// What the unit tests of chat stand on: a room of "acme" with the sub-rooms "blue" and "green", and
// listeners that remember.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/room/chat/chat.h"
#include "tests/support/a_caller.h"
#include "tests/support/contracts/chat_store_fixture.h"
#include "tests/support/fake_chat_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_wakeup.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

// Remembers what it is told. Not thread-safe.
class FakeListener final : public ChatListener {
 public:
  std::optional<int64_t> begun;
  bool gap = false;
  std::vector<std::string> texts;
  int64_t position = 0;
  absl::Status ended;
  bool left = false;  // the client is gone
  bool busy = false;  // it has not taken what it was told
  int tellings = 0;

  bool Begin(int64_t at, bool has_gap) override {
    begun = at;
    gap = has_gap;
    return !left;
  }
  bool Tell(const std::vector<const ChatMessage*>& messages, int64_t at) override {
    if (closed()) return false;
    ++tellings;
    for (const ChatMessage* message : messages) texts.push_back(message->text);
    position = at;
    return true;
  }
  void End(const absl::Status& why) override { ended = why; }
  bool closed() const override { return left || !ended.ok(); }
  bool ready() const override { return !busy; }
};

class ChatTestBase : public ::testing::Test {
 protected:
  ChatTestBase() { Make(ChatRoom(1)); }

  // With entries of the users 1 (chat), 2 (chat, chatBroadcast, subroomManage) and 3 (join).
  void Make(const RoomId& room, const std::string& company = "acme") {
    FakeChatStore::MadeRoom made;
    made.entries[ChatUser(1)] = {RoomRight::kChat};
    made.entries[ChatUser(2)] = {RoomRight::kChat, RoomRight::kChatBroadcast,
                                 RoomRight::kSubroomManage};
    made.entries[ChatUser(3)] = {RoomRight::kJoin};
    made.sub_rooms = {SubRoomId("blue"), SubRoomId("green")};
    store_.Make(CompanyId(company), room, made);
  }

  static ChatDraft Draft(const std::string& text, const std::string& sub_room = "",
                         std::vector<RoomId> rooms = {ChatRoom(1)}) {
    ChatDraft draft;
    draft.rooms = std::move(rooms);
    draft.text = text;
    draft.sub_room = SubRoomId(sub_room);
    return draft;
  }
  static ChatDraft Broadcast(const std::string& text) {
    ChatDraft draft = Draft(text);
    draft.broadcast = true;
    return draft;
  }
  static ACaller User(int number) { return ACaller().As(ChatUser(number)); }

  void Say(const std::string& text, const std::string& sub_room = "") {
    EXPECT_OK(chat_.Send(User(1), Draft(text, sub_room)));
  }
  std::shared_ptr<FakeListener> Watch(std::optional<int64_t> after = std::nullopt,
                                      const std::string& sub_room = "", int user = 1) {
    auto listener = std::make_shared<FakeListener>();
    WatchWish wish;
    wish.room = ChatRoom(1);
    wish.scope.sub_room = SubRoomId(sub_room);
    wish.after = after;
    EXPECT_OK(chat_.Watch(User(user), wish, listener));
    return listener;
  }

  FakeClock clock_;
  FakeChatStore store_{clock_};
  ChatFeed feed_{store_, clock_};
  FakeWakeup wakeup_{&feed_.feed()};
  Chat chat_{store_, feed_, wakeup_};
};

}  // namespace usher::room
