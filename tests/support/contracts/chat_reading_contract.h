// What every ChatStore tells of what it keeps: pages back into the past, and news.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/chat_store_fixture.h"

namespace usher::room {

template <class Fixture>
class ChatReadingContract : public ChatStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(ChatReadingContract);

TYPED_TEST_P(ChatReadingContract, ASubRoomHearsItsOwnAndWhatGoesToAll) {
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

TYPED_TEST_P(ChatReadingContract, PagesFollowEachOtherWithoutHoleAndWithoutRepetition) {
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

TYPED_TEST_P(ChatReadingContract, ASpanHoldsWhatWasSentInItAndNothingBehindItsNewest) {
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

TYPED_TEST_P(ChatReadingContract, NewsAreWhatStandsBehindEachMark) {
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

TYPED_TEST_P(ChatReadingContract, NewsSayThatThereIsMore) {
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

REGISTER_TYPED_TEST_SUITE_P(ChatReadingContract, ASubRoomHearsItsOwnAndWhatGoesToAll,
                            PagesFollowEachOtherWithoutHoleAndWithoutRepetition,
                            ASpanHoldsWhatWasSentInItAndNothingBehindItsNewest,
                            NewsAreWhatStandsBehindEachMark, NewsSayThatThereIsMore);

}  // namespace usher::room
