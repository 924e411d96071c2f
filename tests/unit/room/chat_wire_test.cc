#include "services/room/chat/chat_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/support/contracts/chat_store_fixture.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace chat_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

::common::ChatSendRequest ASend() {
  ::common::ChatSendRequest request;
  ::common::ChatMessage& message = *request.mutable_chatmessage();
  message.add_receiver(ChatRoom(1).value());
  message.set_text("hello");
  return request;
}

::common::ChatHistoryRequest AHistory() {
  ::common::ChatHistoryRequest request;
  request.set_receiver(ChatRoom(1).value());
  return request;
}

ChatMessage AMessage(int64_t position, const std::string& text = "hello") {
  ChatMessage message;
  message.id = "01900000-0000-7000-b000-000000000001";
  message.room = ChatRoom(1);
  message.position = position;
  message.sender = ChatUser(1);
  message.sent_at = absl::FromUnixMicros(1700000000999999);
  message.text = text;
  return message;
}

TEST(ChatWire, ADraftHasWhatTheSenderMaySayAndNothingElse) {
  auto request = ASend();
  ::common::ChatMessage& message = *request.mutable_chatmessage();
  message.add_receiver(absl::AsciiStrToUpper(ChatRoom(2).value()));
  message.add_receiver(ChatRoom(1).value());
  message.set_sender("somebody else");
  message.set_id("x");
  message.set_time(5);
  message.set_text("  two\nlines ");
  message.set_broadcast(true);
  message.set_subroomid("blue");
  message.set_language("de-CH");
  message.set_sourcelanguage("en");
  const auto draft = FromWire(request);
  ASSERT_OK(draft);
  EXPECT_THAT(draft->rooms, ElementsAre(ChatRoom(1), ChatRoom(2)));
  EXPECT_EQ(draft->text, "two\nlines");
  EXPECT_TRUE(draft->broadcast);
  EXPECT_EQ(draft->sub_room, SubRoomId("blue"));
  EXPECT_EQ(draft->language, "de-CH");
  EXPECT_EQ(draft->source_language, "en");
}

TEST(ChatWire, ATextHasUpTo4000Characters) {
  auto request = ASend();
  std::string text;
  for (int i = 0; i < 4000; ++i) absl::StrAppend(&text, "\U0001f600");
  request.mutable_chatmessage()->set_text(text);
  EXPECT_OK(FromWire(request));
  request.mutable_chatmessage()->set_text(text + "x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  request.mutable_chatmessage()->set_text(" ");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.mutable_chatmessage()->set_text("a\x1b[0m");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(ChatWire, AMessageHasFromOneTo50Receivers) {
  EXPECT_THAT(FromWire(::common::ChatSendRequest()), HasReplyCode(::common::REQUEST_EMPTY));
  auto request = ASend();
  request.mutable_chatmessage()->clear_receiver();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  for (int i = 0; i < 50; ++i) request.mutable_chatmessage()->add_receiver(ChatRoom(i).value());
  EXPECT_OK(FromWire(request));
  request.mutable_chatmessage()->add_receiver(ChatRoom(50).value());
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(ChatWire, WhatIsNoIdAndNoLanguageIsRefused) {
  auto request = ASend();
  request.mutable_chatmessage()->set_receiver(0, "abc");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request = ASend();
  request.mutable_chatmessage()->set_subroomid("a\tb");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::SUBROOM_INVALID));
  for (const bool source : {true, false}) {
    request = ASend();
    if (source) {
      request.mutable_chatmessage()->set_sourcelanguage("de_DE");
    } else {
      request.mutable_chatmessage()->set_language("de_DE");
    }
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  }
}

TEST(ChatWire, ASpanHoldsTheSecondsThatItNames) {
  auto request = AHistory();
  request.set_from(100);
  request.set_to(100);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->from, absl::FromUnixSeconds(100));
  EXPECT_EQ(wish->until, absl::FromUnixSeconds(101));
  EXPECT_EQ(wish->limit, 100u);
  const auto open = FromWire(AHistory());
  EXPECT_EQ(open->from, absl::UnixEpoch());
  EXPECT_EQ(open->until, kEndOfTime);
}

TEST(ChatWire, ASpanThatCannotBeIsOutOfRange) {
  for (const auto& [from, to] : std::vector<std::pair<int64_t, int64_t>>{
           {101, 100}, {-1, 0}, {0, -1}, {INT64_MIN, INT64_MIN}, {INT64_MAX, 5}}) {
    auto request = AHistory();
    request.set_from(from);
    request.set_to(to);
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::RANGE_ERROR)) << from << " " << to;
  }
  auto request = AHistory();
  request.set_to(INT64_MAX);
  EXPECT_OK(FromWire(request));
  request.set_limit(1001);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::RANGE_ERROR));
}

TEST(ChatWire, AllSubRoomsAndOneOfThemIsAContradiction) {
  auto request = AHistory();
  request.set_subroomid("blue");
  EXPECT_EQ(FromWire(request)->scope.sub_room, SubRoomId("blue"));
  request.set_allsubrooms(true);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request.clear_subroomid();
  EXPECT_TRUE(FromWire(request)->scope.everywhere);
}

TEST(ChatWire, APageLeadsBackToWhereItCameFrom) {
  HistoryPage page;
  page.messages = {AMessage(7), AMessage(8)};
  page.next = ChatPageEnd{page.messages[0].sent_at, 7};
  page.position = 8;
  ::common::ChatHistoryReply reply;
  ASSERT_OK(ToWire(ChatRoom(1), page, &reply));
  ASSERT_EQ(reply.chatmessage_size(), 2);
  auto request = AHistory();
  request.set_page(reply.nextpage());
  EXPECT_EQ(FromWire(request)->page, page.next);
  request.set_receiver(ChatRoom(2).value());
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));

  ::usher::chat::v1::WatchRequest watch;
  watch.set_receiver(ChatRoom(1).value());
  EXPECT_FALSE(FromWire(watch)->after.has_value());
  watch.set_position(reply.position());
  EXPECT_EQ(FromWire(watch)->after, 8);
  watch.set_receiver(ChatRoom(2).value());
  EXPECT_THAT(FromWire(watch), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(ChatWire, WhatIsNoPositionIsRefused) {
  const std::string mark = ChatRoom(1).value().substr(28);
  for (const std::string& bad :
       {std::string("x"), mark, mark + ".", mark + ".-1", mark + ".1.2", mark + ".1x",
        mark + ".99999999999999999999", std::string(100000, '1')}) {
    ::usher::chat::v1::WatchRequest watch;
    watch.set_receiver(ChatRoom(1).value());
    watch.set_position(bad);
    EXPECT_THAT(FromWire(watch), HasReplyCode(::common::PROTOCOL_ERROR)) << bad.substr(0, 50);
  }
  for (const std::string& bad :
       {mark + ".1", mark + ".9223372036854775807.1", mark + ".1.2.3", std::string(".1.2")}) {
    auto history = AHistory();
    history.set_page(bad);
    EXPECT_THAT(FromWire(history), HasReplyCode(::common::PROTOCOL_ERROR)) << bad;
  }
}

TEST(ChatWire, AMessageNamesTheOneRoomInWhichItIsRead) {
  const ChatMessage message = AMessage(3);
  ::usher::chat::v1::WatchReply reply;
  ToWire({&message}, ChatRoom(1), 3, &reply);
  ASSERT_EQ(reply.chatmessage_size(), 1);
  const ::common::ChatMessage& wire = reply.chatmessage(0);
  EXPECT_THAT(wire.receiver(), ElementsAre(ChatRoom(1).value()));
  EXPECT_EQ(wire.sender(), ChatUser(1).value());
  EXPECT_EQ(wire.time(), 1700000000);
  EXPECT_EQ(wire.id(), message.id);
  EXPECT_EQ(reply.position(), PositionToWire(ChatRoom(1), 3));
}

TEST(ChatWire, TheSenderIsAnsweredTheWholeMessage) {
  auto request = ASend();
  request.mutable_chatmessage()->add_receiver(ChatRoom(2).value());
  ::common::ChatSendReply reply;
  ToWire(*FromWire(request), ChatUser(1), {"id", absl::FromUnixSeconds(5)}, &reply);
  EXPECT_THAT(reply.chatmessage().receiver(),
              ElementsAre(ChatRoom(1).value(), ChatRoom(2).value()));
  EXPECT_EQ(reply.chatmessage().sender(), ChatUser(1).value());
  EXPECT_EQ(reply.chatmessage().time(), 5);
  EXPECT_EQ(reply.chatmessage().id(), "id");
  EXPECT_EQ(reply.chatmessage().text(), "hello");
}

TEST(ChatWire, WhatNoReplyHoldsIsRefused) {
  HistoryPage page;
  for (int i = 0; i < 300; ++i) page.messages.push_back(AMessage(i, std::string(16000, 'x')));
  ::common::ChatHistoryReply reply;
  EXPECT_THAT(ToWire(ChatRoom(1), page, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(reply.chatmessage(), IsEmpty());
}

}  // namespace chat_wire_test
}  // namespace usher::room
