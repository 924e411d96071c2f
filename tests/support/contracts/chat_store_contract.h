// What every ChatStore must do. A fixture has `ChatStore& store()`, and
//   RoomId MakeRoom(const std::string& company, const RoomId& room, rights of ContractUser(1),
//                   std::vector<std::string> sub_rooms)
//   void DestroyRoom(const std::string& company, const RoomId& room)
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/room/chat/chat_store.h"
#include "services/room/room_errors.h"
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
class ChatStoreContract : public Fixture {
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

TYPED_TEST_P(ChatStoreContract, ASubRoomHearsItsOwnAndWhatGoesToAll) {
  this->Say("main");
  this->Say("blue", "blue");
  this->Say("all", "green", true);
  this->Say("green", "green");
  ChatSpan span;
  EXPECT_THAT(TextsOf(this->List(span).messages), ::testing::ElementsAre("all", "main"));
  span.scope.sub_room = SubRoomId("blue");
  EXPECT_THAT(TextsOf(this->List(span).messages), ::testing::ElementsAre("all", "blue"));
  EXPECT_THAT(TextsOf(this->List(this->Everything()).messages),
              ::testing::ElementsAre("green", "all", "blue", "main"));
}

TYPED_TEST_P(ChatStoreContract, PagesFollowEachOtherWithoutHoleAndWithoutRepetition) {
  for (int i = 1; i <= 7; ++i) this->Say(absl::StrCat(i), i % 2 == 0 ? "blue" : "", i % 3 == 0);
  for (const bool everywhere : {true, false}) {
    ChatSpan span = this->Everything(2);
    span.scope.everywhere = everywhere;
    std::vector<std::string> texts;
    bool more = true;
    while (more) {
      const ChatPageRead page = this->List(span);
      for (const std::string& text : TextsOf(page.messages)) texts.push_back(text);
      more = page.more;
      ASSERT_LE(page.messages.size(), 2u);
      ASSERT_FALSE(more && page.messages.empty());
      if (more) {
        span.until = page.messages.back().sent_at;
        span.before = page.messages.back().position;
      }
    }
    if (everywhere) {
      EXPECT_THAT(texts, ::testing::ElementsAre("7", "6", "5", "4", "3", "2", "1"));
    } else {
      EXPECT_THAT(texts, ::testing::ElementsAre("7", "6", "5", "3", "1"));
    }
  }
}

TYPED_TEST_P(ChatStoreContract, ASpanHoldsWhatWasSentInItAndNothingBehindItsNewest) {
  this->Say("1");
  this->Say("2");
  this->Say("3");
  const std::vector<ChatMessage> all = this->List(this->Everything()).messages;
  ASSERT_EQ(all.size(), 3u);
  for (const bool everywhere : {true, false}) {
    ChatSpan span = this->Everything();
    span.scope.everywhere = everywhere;
    span.newest = 2;
    EXPECT_THAT(TextsOf(this->List(span).messages), ::testing::ElementsAre("2", "1"));
    span.until = all[2].sent_at;
    EXPECT_THAT(TextsOf(this->List(span).messages), ::testing::IsEmpty());
    span.until = kEndOfTime;
    span.from = all[0].sent_at + absl::Microseconds(1);
    EXPECT_THAT(TextsOf(this->List(span).messages), ::testing::IsEmpty());
  }
}

TYPED_TEST_P(ChatStoreContract, NewsAreWhatStandsBehindEachMark) {
  this->Say("1");
  this->Say("2", "blue");
  EXPECT_OK(this->Append(this->Draft("other", {ChatRoom(2)})));
  const auto news = this->News(
      {{ChatRoom(1), 1}, {ChatRoom(2), 1}, {ChatRoom(1), 0}, {ChatRoom(3), 0}, {ChatRoom(9), 0}});
  ASSERT_EQ(news.size(), 5u);
  EXPECT_THAT(TextsOf(news[0].messages), ::testing::ElementsAre("2"));
  EXPECT_THAT(news[1].messages, ::testing::IsEmpty());
  EXPECT_THAT(TextsOf(news[2].messages), ::testing::ElementsAre("1", "2"));
  EXPECT_THAT(news[3].messages, ::testing::IsEmpty());
  for (const ChatNews& one : news) EXPECT_FALSE(one.more);
}

TYPED_TEST_P(ChatStoreContract, NewsSayThatThereIsMore) {
  const size_t most = ChatStore::kMostNews;
  for (size_t i = 0; i <= most; ++i) this->Say(absl::StrCat(i));
  const auto few = this->News({{ChatRoom(1), 0}});
  EXPECT_EQ(few[0].messages.size(), most);
  EXPECT_TRUE(few[0].more);
  const std::string large(16000, 'x');
  for (int i = 0; i < 20; ++i) EXPECT_OK(this->Append(this->Draft(large, {ChatRoom(2)})));
  const auto heavy = this->News({{ChatRoom(2), 0}, {ChatRoom(1), 0}});
  EXPECT_EQ(heavy[0].messages.size(), 16u);  // 256 KiB
  EXPECT_TRUE(heavy[0].more);
  EXPECT_TRUE(heavy[1].more);
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
    AccessesAreAnsweredInTheOrderOfTheQuestion, ASubRoomHearsItsOwnAndWhatGoesToAll,
    PagesFollowEachOtherWithoutHoleAndWithoutRepetition,
    ASpanHoldsWhatWasSentInItAndNothingBehindItsNewest, NewsAreWhatStandsBehindEachMark,
    NewsSayThatThereIsMore, APlaceTellsTheFirstAndTheLastPosition,
    ASenderIsForgottenInOneCompanyPieceByPiece, WhatIsOldIsForgottenInAllCompanies,
    TheChatOfADestroyedRoomIsForgottenAndNoOther,
    WritersAtOnceGivePositionsWithoutHoleWhichAppearInOrder);

}  // namespace usher::room
