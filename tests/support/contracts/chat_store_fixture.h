// What the contracts of a ChatStore stand on. A fixture has `ChatStore& store()`, and
//   RoomId MakeRoom(const std::string& company, const RoomId& room, rights of ContractUser(1),
//                   std::vector<std::string> sub_rooms)
//   void DestroyRoom(const std::string& company, const RoomId& room)
//   void Pass(absl::Duration time)  // all that there is grows older
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/room/chat/chat_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

inline RoomId ChatRoom(int number) {
  return RoomId(absl::StrCat("01900000-0000-7000-a000-", absl::Dec(number, absl::kZeroPad12)));
}
inline UserId ChatUser(int number) {
  return UserId(absl::StrCat("01900000-0000-7000-9000-", absl::Dec(number, absl::kZeroPad12)));
}

inline std::vector<std::string> TextsOf(const std::vector<ChatMessage>& messages) {
  std::vector<std::string> texts;
  for (const ChatMessage& message : messages) texts.push_back(message.text);
  return texts;
}

template <class Fixture>
class ChatStoreFixture : public Fixture {
 protected:
  void SetUp() override {
    this->MakeRoom("acme", ChatRoom(1), RoomRights{RoomRight::kChat}, {"blue", "green"});
    this->MakeRoom("acme", ChatRoom(2), RoomRights{RoomRight::kChat}, {});
    this->MakeRoom("globex", ChatRoom(3), std::nullopt, {});
  }

  static ChatDraft Draft(const std::string& text, std::vector<RoomId> rooms = {ChatRoom(1)},
                         const std::string& sub_room = "", bool broadcast = false) {
    ChatDraft draft;
    draft.rooms = std::move(rooms);
    draft.text = text;
    draft.sub_room = SubRoomId(sub_room);
    draft.broadcast = broadcast;
    return draft;
  }
  static absl::Status Anything(const std::vector<std::optional<ChatAccess>>&) {
    return absl::OkStatus();
  }

  absl::StatusOr<ChatReceipt> Append(const ChatDraft& draft, const CallContext& call = ACall(),
                                     const UserId& sender = ChatUser(1),
                                     const std::string& company = "acme") {
    return this->store().Append(call, CompanyId(company), sender, sender, NewUuid(), draft,
                                Anything);
  }
  void Say(const std::string& text, const std::string& sub_room = "", bool broadcast = false) {
    EXPECT_OK(Append(Draft(text, {ChatRoom(1)}, sub_room, broadcast)));
  }

  ChatPageRead List(const ChatSpan& span = {}, int room = 1) {
    const auto page = this->store().List(ACall(), CompanyId("acme"), ChatRoom(room), span);
    EXPECT_OK(page);
    return page.ok() ? *page : ChatPageRead();
  }
  static ChatSpan Everything(uint32_t limit = 100) {
    ChatSpan span;
    span.scope.everywhere = true;
    span.limit = limit;
    return span;
  }
  std::vector<ChatNews> News(const std::vector<ChatMark>& marks) {
    const auto news = this->store().ReadNews(ACall(), CompanyId("acme"), marks);
    EXPECT_OK(news);
    return news.ok() ? *news : std::vector<ChatNews>(marks.size());
  }
  ChatPlace Place(int room = 1) {
    const auto place = this->store().FindPlace(ACall(), CompanyId("acme"), ChatRoom(room));
    EXPECT_OK(place);
    return place.ok() ? *place : ChatPlace();
  }
};

}  // namespace usher::room
