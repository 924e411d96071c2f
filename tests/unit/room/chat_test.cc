#include "services/room/chat/chat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/room/chat/chat_housekeeping.h"
#include "tests/support/chat_test_base.h"

namespace usher::room {
namespace chat_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ChatTest : public ChatTestBase {
 protected:
  HistoryPage History(HistoryWish wish = {}, int user = 1) {
    wish.room = ChatRoom(1);
    const auto page = chat_.History(User(user), wish);
    EXPECT_OK(page);
    return page.ok() ? *page : HistoryPage();
  }
  static HistoryWish Pages(uint32_t limit) {
    HistoryWish wish;
    wish.limit = limit;
    return wish;
  }
};

TEST_F(ChatTest, WritingTakesChat) {
  EXPECT_OK(chat_.Send(User(1), Draft("hello")));
  EXPECT_THAT(chat_.Send(User(3), Draft("hello")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(chat_.Send(User(4), Draft("hello")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(chat_.Send(User(4).With(Permission::kRoomAdmin), Draft("hello")));
}

TEST_F(ChatTest, ToGuestsARoomWithoutAnEntryOfTheirsIsNotThere) {
  EXPECT_OK(chat_.Send(User(1).AsGuest(), Draft("hello")));
  EXPECT_THAT(chat_.Send(User(4).AsGuest(), Draft("hello")),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_OK(chat_.Send(User(9).OfSharedAccess(ChatUser(1)), Draft("hello")));
  EXPECT_EQ(store_.List(ACall(), CompanyId("acme"), ChatRoom(1), {})->messages.front().sender,
            ChatUser(9));
}

TEST_F(ChatTest, ARoomOfAnotherCompanyIsNotThere) {
  EXPECT_THAT(chat_.Send(User(1).In("globex"), Draft("hello")),
              HasReplyCode(::common::ROOM_NOT_FOUND));
}

TEST_F(ChatTest, AJoinTokenReachesItsOneRoom) {
  Make(ChatRoom(2));
  EXPECT_OK(chat_.Send(User(1).Joining(ChatRoom(1)), Draft("hello")));
  EXPECT_THAT(chat_.Send(User(1).Joining(ChatRoom(2)), Draft("hello")),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(
      chat_.Send(User(1).Joining(ChatRoom(1)), Draft("hello", "", {ChatRoom(1), ChatRoom(2)})),
      HasReplyCode(::common::ROOM_NOT_FOUND));
  HistoryWish wish;
  wish.room = ChatRoom(1);
  EXPECT_THAT(chat_.History(User(1).Joining(ChatRoom(2)), wish),
              HasReplyCode(::common::ROOM_NOT_FOUND));
}

TEST_F(ChatTest, ToAllSubRoomsTakesChatBroadcast) {
  EXPECT_THAT(chat_.Send(User(1), Broadcast("all")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(chat_.Send(User(2), Broadcast("all")));
}

TEST_F(ChatTest, ASubRoomHasToBeThere) {
  EXPECT_OK(chat_.Send(User(1), Draft("hello", "blue")));
  EXPECT_THAT(chat_.Send(User(1), Draft("hello", "red")), HasReplyCode(::common::SUBROOM_INVALID));
  HistoryWish wish;
  wish.room = ChatRoom(1);
  wish.scope.sub_room = SubRoomId("red");
  EXPECT_THAT(chat_.History(User(1), wish), HasReplyCode(::common::SUBROOM_INVALID));
}

TEST_F(ChatTest, ToSeveralRoomsItGoesToAllOrToNone) {
  Make(ChatRoom(2));
  EXPECT_OK(chat_.Send(User(1), Draft("both", "", {ChatRoom(1), ChatRoom(2)})));
  EXPECT_THAT(chat_.Send(User(1), Draft("none", "", {ChatRoom(1), ChatRoom(3)})),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(History().messages.size(), 1u);
}

TEST_F(ChatTest, WhatWasWrittenIsAnnouncedAndWhatWasRefusedIsNot) {
  Say("hello");
  EXPECT_THAT(wakeup_.written, SizeIs(1));
  EXPECT_FALSE(chat_.Send(User(3), Draft("hello")).ok());
  EXPECT_THAT(wakeup_.written, SizeIs(1));
}

// Nobody knows whether it was written: who watches will see.
TEST_F(ChatTest, WhatIsInDoubtIsAnnounced) {
  store_.Fail(InDoubt("the connection was lost"));
  EXPECT_THAT(chat_.Send(User(1), Draft("hello")),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(wakeup_.written, SizeIs(1));
}

TEST_F(ChatTest, ReadingTakesChatAsWell) {
  HistoryWish wish;
  wish.room = ChatRoom(1);
  EXPECT_OK(chat_.History(User(1), wish));
  EXPECT_THAT(chat_.History(User(3), wish), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  wish.scope.everywhere = true;
  EXPECT_THAT(chat_.History(User(1), wish), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(chat_.History(User(2), wish));
}

TEST_F(ChatTest, AHistoryBeginsWithTheNewestPageAndGoesBack) {
  for (const char* text : {"1", "2", "3", "4", "5"}) Say(text);
  HistoryWish wish = Pages(2);
  const HistoryPage first = History(wish);
  EXPECT_THAT(TextsOf(first.messages), ElementsAre("4", "5"));
  EXPECT_EQ(first.position, 5);
  ASSERT_TRUE(first.next.has_value());
  wish.page = first.next;
  const HistoryPage second = History(wish);
  EXPECT_THAT(TextsOf(second.messages), ElementsAre("2", "3"));
  EXPECT_FALSE(second.position.has_value());
  wish.page = second.next;
  const HistoryPage third = History(wish);
  EXPECT_THAT(TextsOf(third.messages), ElementsAre("1"));
  EXPECT_FALSE(third.next.has_value());
}

TEST_F(ChatTest, APageDoesNotReachBeyondTheSpanThatIsAskedFor) {
  Say("1");
  clock_.Advance(absl::Seconds(10));
  Say("2");
  HistoryWish wish;
  wish.until = clock_.Now();
  wish.page = ChatPageEnd{clock_.Now() + absl::Hours(1), 100};
  EXPECT_THAT(TextsOf(History(wish).messages), ElementsAre("1"));
}

TEST_F(ChatTest, WhoWatchesFromTheHistorysPositionMissesNothing) {
  Say("1");
  const HistoryPage page = History();
  Say("2");
  const auto listener = Watch(page.position);
  Say("3");
  feed_.feed().Round();
  EXPECT_THAT(listener->texts, ElementsAre("2", "3"));
  EXPECT_FALSE(listener->gap);
}

TEST_F(ChatTest, AWatchBeginsNowUnlessToldOtherwise) {
  Say("1");
  const auto listener = Watch();
  EXPECT_EQ(listener->begun, 1);
  Say("2");
  feed_.feed().Round();
  EXPECT_THAT(listener->texts, ElementsAre("2"));
  EXPECT_EQ(listener->position, 2);
}

TEST_F(ChatTest, AWatchCannotBeginBehindTheEnd) {
  Say("1");
  WatchWish wish;
  wish.room = ChatRoom(1);
  wish.after = 2;
  const auto listener = std::make_shared<FakeListener>();
  EXPECT_THAT(chat_.Watch(User(1), wish, listener), HasReplyCode(::common::RANGE_ERROR));
  EXPECT_FALSE(listener->begun.has_value());
}

TEST_F(ChatTest, WhoMayNotReadWatchesNothing) {
  WatchWish wish;
  wish.room = ChatRoom(1);
  const auto listener = std::make_shared<FakeListener>();
  EXPECT_THAT(chat_.Watch(User(3), wish, listener),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_FALSE(listener->begun.has_value());
  EXPECT_EQ(feed_.watchers(), 0u);
}

TEST_F(ChatTest, AWatchSaysThatSomethingWasForgotten) {
  Say("1");
  Say("2");
  clock_.Advance(absl::Hours(2));
  Say("3");
  ASSERT_OK(store_.ForgetOld(ACall(), absl::Hours(1), 10));
  EXPECT_TRUE(Watch(0)->gap);
  EXPECT_TRUE(Watch(1)->gap);
  EXPECT_FALSE(Watch(2)->gap);
  EXPECT_FALSE(Watch()->gap);
  const auto listener = Watch(0);
  feed_.feed().Round();
  EXPECT_THAT(listener->texts, ElementsAre("3"));
}

TEST_F(ChatTest, WhatAUserHasWrittenGoesWithTheUser) {
  for (int i = 0; i < 2500; ++i) Say("mine");
  EXPECT_OK(chat_.Send(User(2), Draft("yours")));
  EXPECT_OK(chat_.ForgetUser(ACall(), CompanyId("acme"), ChatUser(1)));
  EXPECT_THAT(TextsOf(History().messages), ElementsAre("yours"));
}

TEST_F(ChatTest, HousekeepingForgetsWhatIsOldAndWhatIsGone) {
  for (int i = 0; i < 2500; ++i) Say("old");
  Make(ChatRoom(2));
  EXPECT_OK(chat_.Send(User(1), Draft("gone", "", {ChatRoom(2)})));
  store_.Destroy(CompanyId("acme"), ChatRoom(2));
  clock_.Advance(absl::Hours(2));
  Say("new");
  EXPECT_OK(ChatHousekeeping(store_, absl::ZeroDuration(), nullptr).CleanUp());
  EXPECT_EQ(store_.FindPlace(ACall(), CompanyId("acme"), ChatRoom(2))->last, 0);
  EXPECT_EQ(store_.FindPlace(ACall(), CompanyId("acme"), ChatRoom(1))->oldest, 1);
  EXPECT_OK(ChatHousekeeping(store_, absl::Hours(1), nullptr).CleanUp());
  EXPECT_THAT(TextsOf(History().messages), ElementsAre("new"));
}

}  // namespace chat_test
}  // namespace usher::room
