#include "services/room/chat/chat_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "services/room/chat/chat_errors.h"
#include "tests/support/chat_test_base.h"

namespace usher::room {
namespace chat_feed_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChatFeedTest : public ChatTestBase {
 protected:
  // Rounds until nothing is due at once.
  void RunDry() {
    while (feed_.feed().Round() <= clock_.Now()) {
    }
  }
  void LetPass(absl::Duration time) {
    clock_.Advance(time);
    RunDry();
  }
  // Takes the right to chat away from user 1.
  void TakeAway() {
    FakeChatStore::MadeRoom made;
    made.entries[ChatUser(1)] = {RoomRight::kJoin};
    made.entries[ChatUser(2)] = {RoomRight::kChat};
    made.sub_rooms = {SubRoomId("blue")};
    store_.Make(CompanyId("acme"), ChatRoom(1), made);
  }
};

TEST_F(ChatFeedTest, AllHearTheSameInTheSameOrder) {
  const auto one = Watch();
  const auto other = Watch();
  for (const char* text : {"1", "2", "3"}) Say(text);
  RunDry();
  EXPECT_THAT(one->texts, ElementsAre("1", "2", "3"));
  EXPECT_EQ(one->texts, other->texts);
  EXPECT_EQ(one->position, 3);
}

TEST_F(ChatFeedTest, ARoomIsReadOnceForAllWhoWatchIt) {
  std::vector<std::shared_ptr<FakeListener>> all;
  for (int i = 0; i < 100; ++i) all.push_back(Watch());
  RunDry();
  const int before = store_.reads();
  Say("1");
  RunDry();
  EXPECT_EQ(store_.reads() - before, 1);
  for (const auto& listener : all) EXPECT_THAT(listener->texts, ElementsAre("1"));
}

TEST_F(ChatFeedTest, NobodyReadsWhatNobodyWatches) {
  Say("1");
  RunDry();
  EXPECT_EQ(store_.reads(), 0);
}

TEST_F(ChatFeedTest, ASubRoomHearsItsOwnAndWhatGoesToAll) {
  const auto main = Watch();
  const auto blue = Watch(std::nullopt, "blue");
  Say("main");
  Say("blue", "blue");
  EXPECT_OK(chat_.Send(User(2), Broadcast("all")));
  RunDry();
  EXPECT_THAT(main->texts, ElementsAre("main", "all"));
  EXPECT_THAT(blue->texts, ElementsAre("blue", "all"));
}

TEST_F(ChatFeedTest, WhoBeginsFurtherBackIsToldWhatWasBeforeWhileTheOthersGoOn) {
  for (int i = 1; i <= 250; ++i) Say(absl::StrCat(i));
  const auto live = Watch();
  RunDry();
  const auto late = Watch(0);
  late->busy = true;
  Say("251");
  feed_.feed().Round();
  EXPECT_THAT(live->texts, ElementsAre("251"));
  EXPECT_THAT(late->texts, IsEmpty());
  late->busy = false;
  RunDry();
  ASSERT_EQ(late->texts.size(), 251u);
  for (int i = 1; i <= 251; ++i) EXPECT_EQ(late->texts[i - 1], absl::StrCat(i));
  Say("252");
  RunDry();
  EXPECT_EQ(late->texts.back(), "252");
  EXPECT_THAT(live->texts, ElementsAre("251", "252"));
}

TEST_F(ChatFeedTest, WhoIsBehindIsTakenFurtherOnlyWhenTheClientHasTakenWhatItGot) {
  for (int i = 1; i <= 250; ++i) Say(absl::StrCat(i));
  const auto live = Watch();
  RunDry();
  const auto late = Watch(0);
  feed_.feed().Round();
  late->busy = true;
  EXPECT_EQ(late->tellings, 1);
  for (int i = 0; i < 10; ++i) LetPass(absl::Seconds(1));
  EXPECT_EQ(late->tellings, 1);
  late->busy = false;
  RunDry();
  LetPass(absl::Seconds(1));
  EXPECT_EQ(late->texts.size(), 250u);
}

// As everybody is after a restart.
TEST_F(ChatFeedTest, WhoIsBehindInARoomThatNobodyWatchesYetIsTakenFurtherAsTheClientReads) {
  for (int i = 1; i <= 250; ++i) Say(absl::StrCat(i));
  const auto late = Watch(0);
  late->busy = true;
  for (int i = 0; i < 10; ++i) LetPass(absl::Seconds(1));
  EXPECT_EQ(late->tellings, 0);
  Say("251");
  late->busy = false;
  RunDry();
  LetPass(absl::Seconds(1));
  ASSERT_EQ(late->texts.size(), 251u);
  for (int i = 1; i <= 251; ++i) EXPECT_EQ(late->texts[i - 1], absl::StrCat(i));
}

TEST_F(ChatFeedTest, WhatWasForgottenMeanwhileKeepsNobodyBehind) {
  for (int i = 1; i <= 10; ++i) Say(absl::StrCat(i));
  const auto live = Watch();
  RunDry();
  const auto late = Watch(0);
  EXPECT_OK(chat_.ForgetUser(ACall(), CompanyId("acme"), ChatUser(1)));
  RunDry();
  Say("new");
  RunDry();
  EXPECT_THAT(late->texts, ElementsAre("new"));
}

// The other process's announcement was lost.
TEST_F(ChatFeedTest, ALookEverywhereFindsWhatNobodyHasAnnounced) {
  const auto listener = Watch();
  RunDry();
  ASSERT_OK(store_.Append(ACall(), CompanyId("acme"), ChatUser(1), ChatUser(1), NewUuid(),
                          Draft("silent"), [](const auto&) { return absl::OkStatus(); }));
  RunDry();
  EXPECT_THAT(listener->texts, IsEmpty());
  feed_.feed().LookEverywhere();
  RunDry();
  EXPECT_THAT(listener->texts, ElementsAre("silent"));
}

TEST_F(ChatFeedTest, WhatCannotBeReadIsReadLater) {
  const auto listener = Watch();
  Say("1");
  store_.Fail(Unreachable("the database"));
  EXPECT_GT(feed_.feed().Round(), clock_.Now());
  EXPECT_THAT(listener->texts, IsEmpty());
  store_.Fail(absl::OkStatus());
  RunDry();
  EXPECT_THAT(listener->texts, ElementsAre("1"));
}

TEST_F(ChatFeedTest, WhoMayNotChatAnyMoreIsToldSoAndHearsNothing) {
  const auto one = Watch();
  const auto other = Watch(std::nullopt, "", 2);
  RunDry();
  TakeAway();
  LetPass(absl::Seconds(3));
  EXPECT_THAT(one->ended, HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(other->ended);
  EXPECT_OK(chat_.Send(User(2), Draft("secret")));
  RunDry();
  EXPECT_THAT(one->texts, IsEmpty());
  EXPECT_THAT(other->texts, ElementsAre("secret"));
}

TEST_F(ChatFeedTest, AWatchEndsWithItsSubRoomAndWithItsRoom) {
  const auto main = Watch(std::nullopt, "", 2);
  const auto green = Watch(std::nullopt, "green", 2);
  const auto blue = Watch(std::nullopt, "blue", 2);
  RunDry();
  TakeAway();
  LetPass(absl::Seconds(3));
  EXPECT_THAT(green->ended, HasReplyCode(::common::SUBROOM_INVALID));
  EXPECT_OK(blue->ended);
  store_.Destroy(CompanyId("acme"), ChatRoom(1));
  LetPass(absl::Seconds(3));
  EXPECT_THAT(main->ended, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(blue->ended, HasReplyCode(::common::ROOM_NOT_FOUND));
}

TEST_F(ChatFeedTest, ManyAreJudgedInSeveralStatementsAndNobodyIsLeftOut) {
  std::vector<std::shared_ptr<FakeListener>> all;
  for (int i = 0; i < 2500; ++i) all.push_back(Watch());
  RunDry();
  TakeAway();
  LetPass(absl::Seconds(3));
  for (const auto& listener : all) ASSERT_FALSE(listener->ended.ok());
}

TEST_F(ChatFeedTest, WhoHasLeftIsForgotten) {
  const auto stays = Watch();
  const auto leaves = Watch();
  RunDry();
  EXPECT_EQ(feed_.watchers(), 2u);
  leaves->left = true;
  LetPass(absl::Seconds(3));
  EXPECT_EQ(feed_.watchers(), 1u);
  stays->left = true;
  LetPass(absl::Seconds(3));
  EXPECT_EQ(feed_.watchers(), 0u);
  const int before = store_.reads();
  Say("1");
  RunDry();
  EXPECT_EQ(store_.reads(), before);
}

// What stands between ends a stream on which nothing moves.
TEST_F(ChatFeedTest, InASilenceThereIsASignOfLifeThatTellsThePosition) {
  const auto main = Watch();
  RunDry();
  Say("blue", "blue");
  RunDry();
  EXPECT_EQ(main->tellings, 0);
  LetPass(absl::Seconds(20));
  EXPECT_EQ(main->tellings, 0);
  LetPass(absl::Seconds(10));
  EXPECT_EQ(main->tellings, 1);
  EXPECT_EQ(main->position, 1);
  EXPECT_THAT(main->texts, IsEmpty());
  LetPass(absl::Seconds(10));
  EXPECT_EQ(main->tellings, 1);
}

TEST_F(ChatFeedTest, RoomsOfSeveralCompaniesAreToldTheirOwn) {
  Make(ChatRoom(1), "globex");
  const auto acme = Watch();
  const auto globex = std::make_shared<FakeListener>();
  WatchWish wish;
  wish.room = ChatRoom(1);
  EXPECT_OK(chat_.Watch(User(1).In("globex"), wish, globex));
  Say("acme");
  EXPECT_OK(chat_.Send(User(1).In("globex"), Draft("globex")));
  RunDry();
  EXPECT_THAT(acme->texts, ElementsAre("acme"));
  EXPECT_THAT(globex->texts, ElementsAre("globex"));
}

// Lets a test wait for what a thread tells.
class AwaitedListener final : public ChatListener {
 public:
  bool Begin(int64_t, bool) override { return true; }
  bool Tell(const std::vector<const ChatMessage*>&, int64_t) override {
    if (!told.HasBeenNotified()) told.Notify();
    return true;
  }
  void End(const absl::Status&) override {}
  bool closed() const override { return false; }
  bool ready() const override { return true; }

  absl::Notification told;
};

TEST_F(ChatFeedTest, ItsThreadWakesUpWhenItIsCalled) {
  const SystemClock clock;
  const auto listener = std::make_shared<AwaitedListener>();
  ChatFeed feed(store_, clock, {.judge_period = absl::Hours(1)});
  FakeWakeup wakeup(&feed.feed());
  Chat chat(store_, feed, wakeup);
  feed.Start();
  WatchWish wish;
  wish.room = ChatRoom(1);
  EXPECT_OK(chat.Watch(User(1), wish, listener));
  EXPECT_OK(chat.Send(User(1), Draft("1")));
  EXPECT_TRUE(listener->told.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

}  // namespace chat_feed_test
}  // namespace usher::room
