// What every ChatStore keeps, and forgets.
#pragma once

#include <optional>
#include <thread>
#include <vector>

#include "common/status/reply_error.h"
#include "services/room/room_errors.h"
#include "tests/support/contracts/chat_store_fixture.h"

namespace usher::room {

template <class Fixture>
class ChatStoreContract : public ChatStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(ChatStoreContract);

TYPED_TEST_P(ChatStoreContract, AMessageIsKeptWithAllThatItHas) {
  ChatDraft draft = this->Draft("Gr\u00fc\u00dfe\n\"\\ {,}", {ChatRoom(1)}, "blue", true);
  draft.language = "de";
  draft.source_language = "en-GB";
  const auto receipt = this->Append(draft);
  ASSERT_OK(receipt);
  const ChatPageRead page = this->List();
  ASSERT_EQ(page.messages.size(), 1u);
  const ChatMessage& message = page.messages[0];
  EXPECT_EQ(static_cast<const ChatText&>(message), static_cast<const ChatText&>(draft));
  EXPECT_EQ(message.id, receipt->id);
  EXPECT_EQ(message.sent_at, receipt->sent_at);
  EXPECT_EQ(message.room, ChatRoom(1));
  EXPECT_EQ(message.sender, ChatUser(1));
  EXPECT_EQ(message.position, 1);
  EXPECT_FALSE(page.more);
}

TYPED_TEST_P(ChatStoreContract, AMessageToSeveralRoomsHasAPositionInEach) {
  this->Say("before");
  const auto receipt = this->Append(this->Draft("to both", {ChatRoom(1), ChatRoom(2)}));
  ASSERT_OK(receipt);
  const auto news = this->News({{ChatRoom(1), 0}, {ChatRoom(2), 0}});
  ASSERT_EQ(TextsOf(news[0].messages), (std::vector<std::string>{"before", "to both"}));
  ASSERT_EQ(TextsOf(news[1].messages), (std::vector<std::string>{"to both"}));
  EXPECT_EQ(news[0].messages[1].position, 2);
  EXPECT_EQ(news[1].messages[0].position, 1);
  EXPECT_EQ(news[0].messages[1].id, news[1].messages[0].id);
  EXPECT_EQ(news[1].messages[0].room, ChatRoom(2));
  EXPECT_EQ(news[1].messages[0].sent_at, receipt->sent_at);
}

TYPED_TEST_P(ChatStoreContract, WhatIsDecidedOnIsTheRoomsAsTheyAre) {
  std::vector<std::optional<ChatAccess>> seen;
  const auto decide = [&](const std::vector<std::optional<ChatAccess>>& rooms) -> absl::Status {
    seen = rooms;
    return RoomNotFound();
  };
  const ChatDraft draft =
      this->Draft("no", {ChatRoom(1), ChatRoom(2), ChatRoom(3), ChatRoom(4)}, "blue");
  EXPECT_THAT(this->store().Append(ACall(), CompanyId("acme"), ChatUser(1), ChatUser(7), NewUuid(),
                                   draft, decide),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  ASSERT_EQ(seen.size(), 4u);
  ASSERT_TRUE(seen[0].has_value());
  EXPECT_EQ(seen[0]->room.entry, RoomRights{RoomRight::kChat});
  EXPECT_FALSE(seen[0]->room.default_rights.has_value());
  EXPECT_TRUE(seen[0]->has_sub_room);
  ASSERT_TRUE(seen[1].has_value());
  EXPECT_FALSE(seen[1]->has_sub_room);
  EXPECT_FALSE(seen[2].has_value());  // another company's
  EXPECT_FALSE(seen[3].has_value());
  EXPECT_EQ(this->Place(), ChatPlace());
  EXPECT_EQ(this->Place(2), ChatPlace());
}

TYPED_TEST_P(ChatStoreContract, TheSameKeyIsAnsweredTheSameAndWritesOnce) {
  const CallContext call = ACaller().WithIdempotencyKey("k").BuildCall();
  const auto first = this->Append(this->Draft("once"), call);
  ASSERT_OK(first);
  this->Say("another");
  EXPECT_THAT(this->Append(this->Draft("once"), call), IsOkAndHolds(*first));
  EXPECT_EQ(this->Place().last, 2);
  const CallContext other = ACaller().WithIdempotencyKey("k", "other hash").BuildCall();
  EXPECT_THAT(this->Append(this->Draft("other"), other), HasReplyCode(::common::ACTION_INVALID));
}

TYPED_TEST_P(ChatStoreContract, AccessesAreAnsweredInTheOrderOfTheQuestion) {
  const auto found = this->store().FindAccesses(ACall(), CompanyId("acme"),
                                                {{ChatRoom(2), ChatUser(2), SubRoomId()},
                                                 {ChatRoom(3), ChatUser(1), SubRoomId()},
                                                 {ChatRoom(1), ChatUser(1), SubRoomId("blue")},
                                                 {ChatRoom(1), ChatUser(1), SubRoomId("red")}});
  ASSERT_OK(found);
  ASSERT_EQ(found->size(), 4u);
  ASSERT_TRUE((*found)[0].has_value());
  EXPECT_FALSE((*found)[0]->room.entry.has_value());
  EXPECT_FALSE((*found)[1].has_value());
  ASSERT_TRUE((*found)[2].has_value());
  EXPECT_EQ((*found)[2]->room.entry, RoomRights{RoomRight::kChat});
  EXPECT_TRUE((*found)[2]->has_sub_room);
  ASSERT_TRUE((*found)[3].has_value());
  EXPECT_FALSE((*found)[3]->has_sub_room);
}

TYPED_TEST_P(ChatStoreContract, APlaceTellsTheFirstAndTheLastPosition) {
  EXPECT_EQ(this->Place(), ChatPlace());
  this->Say("1");
  EXPECT_OK(this->Append(this->Draft("2"), ACall(), ChatUser(2)));
  EXPECT_EQ(this->Place(), (ChatPlace{2, 1}));
  EXPECT_THAT(this->store().ForgetSender(ACall(), CompanyId("acme"), ChatUser(1), 10),
              IsOkAndHolds(false));
  EXPECT_EQ(this->Place(), (ChatPlace{2, 2}));
  EXPECT_THAT(this->store().ForgetSender(ACall(), CompanyId("acme"), ChatUser(2), 1),
              IsOkAndHolds(true));
  EXPECT_EQ(this->Place(), (ChatPlace{2, 0}));
  this->Say("3");
  EXPECT_EQ(this->Place(), (ChatPlace{3, 3}));
}

TYPED_TEST_P(ChatStoreContract, ASenderIsForgottenInOneCompanyPieceByPiece) {
  for (int i = 0; i < 3; ++i) this->Say("mine");
  EXPECT_OK(this->Append(this->Draft("yours"), ACall(), ChatUser(2)));
  EXPECT_OK(
      this->Append(this->Draft("there", {ChatRoom(3)}), ACall("globex"), ChatUser(1), "globex"));
  EXPECT_THAT(this->store().ForgetSender(ACall(), CompanyId("acme"), ChatUser(1), 2),
              IsOkAndHolds(true));
  EXPECT_THAT(this->store().ForgetSender(ACall(), CompanyId("acme"), ChatUser(1), 2),
              IsOkAndHolds(false));
  EXPECT_THAT(TextsOf(this->List().messages), ::testing::ElementsAre("yours"));
  const auto there =
      this->store().ReadNews(ACall("globex"), CompanyId("globex"), {{ChatRoom(3), 0}});
  ASSERT_OK(there);
  EXPECT_EQ((*there)[0].messages.size(), 1u);
}

TYPED_TEST_P(ChatStoreContract, WhatIsOldIsForgottenInAllCompanies) {
  this->Say("1");
  EXPECT_OK(
      this->Append(this->Draft("there", {ChatRoom(3)}), ACall("globex"), ChatUser(1), "globex"));
  EXPECT_THAT(this->store().ForgetOld(ACall(), absl::Hours(1), 10), IsOkAndHolds(0));
  this->Pass(absl::Milliseconds(5));
  EXPECT_THAT(this->store().ForgetOld(ACall(), absl::Milliseconds(1), 1), IsOkAndHolds(1));
  EXPECT_THAT(this->store().ForgetOld(ACall(), absl::Milliseconds(1), 10), IsOkAndHolds(1));
  EXPECT_THAT(this->List().messages, ::testing::IsEmpty());
  EXPECT_EQ(this->Place(), (ChatPlace{1, 0}));
}

TYPED_TEST_P(ChatStoreContract, TheChatOfADestroyedRoomIsForgottenAndNoOther) {
  this->Say("1");
  this->Say("2");
  EXPECT_OK(this->Append(this->Draft("stays", {ChatRoom(2)})));
  EXPECT_THAT(this->store().ForgetGone(ACall(), 10), IsOkAndHolds(0));
  this->DestroyRoom("acme", ChatRoom(1));
  EXPECT_THAT(this->store().ForgetGone(ACall(), 1), IsOkAndHolds(1));
  EXPECT_THAT(this->store().ForgetGone(ACall(), 10), IsOkAndHolds(2));  // and its place
  EXPECT_THAT(this->store().ForgetGone(ACall(), 10), IsOkAndHolds(0));
  EXPECT_EQ(this->Place(1), ChatPlace());
  EXPECT_EQ(this->Place(2), (ChatPlace{1, 1}));
}

// Whoever reads a position has read all before it: what commits late may not appear behind them.
TYPED_TEST_P(ChatStoreContract, WritersAtOnceGivePositionsWithoutHoleWhichAppearInOrder) {
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([this, t] {
      for (int i = 0; i < 10; ++i) {
        // In two orders, so that those who wait for each other's locks would be found.
        const bool both = (i + t) % 2 == 0;
        EXPECT_OK(this->Append(
            this->Draft(absl::StrCat(t, " ", i),
                        both ? std::vector{ChatRoom(1), ChatRoom(2)} : std::vector{ChatRoom(1)})));
      }
    });
  }
  int64_t seen = 0;
  absl::Time newest = absl::InfinitePast();
  while (seen < 40) {
    const std::vector<ChatNews> news = this->News({{ChatRoom(1), seen}});
    for (const ChatMessage& message : news[0].messages) {
      ASSERT_EQ(message.position, seen + 1);
      EXPECT_GE(message.sent_at, newest);
      newest = message.sent_at;
      ++seen;
    }
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(this->Place(2).last, 20);
}

REGISTER_TYPED_TEST_SUITE_P(
    ChatStoreContract, AMessageIsKeptWithAllThatItHas, AMessageToSeveralRoomsHasAPositionInEach,
    WhatIsDecidedOnIsTheRoomsAsTheyAre, TheSameKeyIsAnsweredTheSameAndWritesOnce,
    AccessesAreAnsweredInTheOrderOfTheQuestion, APlaceTellsTheFirstAndTheLastPosition,
    ASenderIsForgottenInOneCompanyPieceByPiece, WhatIsOldIsForgottenInAllCompanies,
    TheChatOfADestroyedRoomIsForgottenAndNoOther,
    WritersAtOnceGivePositionsWithoutHoleWhichAppearInOrder);

}  // namespace usher::room
