// ChatService as its clients see it, on two servers of the room service.
#include "tests/integration/room/chat_over_the_wire.h"

namespace usher {
namespace chat_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ChatOverTheWire, AMessageIsHeardOnBothServersAndKept) {
  ChatWatcher here(Here(), AWatch());
  ChatWatcher there(There(), AWatch());
  EXPECT_THAT(here.Begin(), Answers(::common::OK));
  there.Begin();
  auto request = AMessage("hello");
  request.mutable_chatmessage()->set_language("en");
  const auto sent = Send(request, Here());
  ASSERT_THAT(sent, Answers(::common::OK));
  EXPECT_EQ(sent.chatmessage().sender(), user_);
  EXPECT_THAT(here.Read(1), ElementsAre("hello"));
  EXPECT_THAT(there.Read(1), ElementsAre("hello"));
  const auto history = History();
  ASSERT_EQ(history.chatmessage_size(), 1);
  EXPECT_THAT(history.chatmessage(0), EqualsProto(sent.chatmessage()));
  EXPECT_EQ(history.position(), here.position);
}

TEST_F(ChatOverTheWire, WhatARemovedUserHasWrittenGoesToo) {
  ::user::UserCreateRequest creation;
  creation.mutable_user()->mutable_userprofile()->set_firstname("Leaving");
  const auto created = Ask(&UserStub::userCreate, As(AdminOf("acme"), creation));
  ASSERT_THAT(created, Answers(::common::OK));
  LetIn(room_, created.userid(), {RoomRight::kChat});
  token::AccessToken token;
  token.user = UserId(created.userid());
  token.company = CompanyId("acme");
  ASSERT_THAT(Send(AMessage("leaving"), Here(), house_.Sign(token)), Answers(::common::OK));
  Say("stays");
  ::user::UserDestroyRequest destroy;
  destroy.set_userid(created.userid());
  ASSERT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return Texts() == std::vector<std::string>{"stays"}; }));
}

TEST_F(ChatOverTheWire, ARepeatedSendIsAnsweredTheSameAndWritesOnce) {
  const auto first = Send(AMessage("once"), Here(), token_, "key-1");
  const auto again = Send(AMessage("once"), There(), token_, "key-1");
  ASSERT_THAT(again, Answers(::common::OK));
  EXPECT_THAT(again.chatmessage(), EqualsProto(first.chatmessage()));
  EXPECT_THAT(Texts(), ElementsAre("once"));
  EXPECT_THAT(Send(AMessage("other"), Here(), token_, "key-1"), Answers(::common::ACTION_INVALID));
}

TEST_F(ChatOverTheWire, AHistoryIsReadBackPageByPage) {
  for (int i = 1; i <= 5; ++i) Say(absl::StrCat(i));
  ::common::ChatHistoryRequest request;
  request.set_limit(2);
  std::vector<std::string> texts;
  do {
    const auto page = History(request);
    ASSERT_THAT(page, Answers(::common::OK));
    for (auto at = page.chatmessage().rbegin(); at != page.chatmessage().rend(); ++at) {
      texts.push_back(at->text());
    }
    request.set_page(page.nextpage());
  } while (!request.page().empty());
  EXPECT_THAT(texts, ElementsAre("5", "4", "3", "2", "1"));
  request.set_to(1);
  EXPECT_THAT(History(request).chatmessage(), IsEmpty());
}

TEST_F(ChatOverTheWire, AJoinTokenIsGoodForTheChatOfItsRoom) {
  token::AccessToken token;
  token.user = UserId(user_);
  token.company = CompanyId("acme");
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(room_);
  token.extension_disallowed = true;
  EXPECT_THAT(Send(AMessage("joined"), Here(), house_.Sign(token)), Answers(::common::OK));
  token.only_room = RoomId(NewUuid());
  EXPECT_THAT(Send(AMessage("elsewhere"), Here(), house_.Sign(token)),
              Answers(::common::ROOM_NOT_FOUND));
}

}  // namespace chat_over_the_wire_test
}  // namespace usher
