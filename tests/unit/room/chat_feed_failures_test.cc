// A company that cannot be read, alone: on a database that is distributed by company, say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/room/chat/chat_feed.h"
#include "tests/support/chat_test_base.h"

namespace usher::room {
namespace chat_feed_failures_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChatFeedFailuresTest : public ChatTestBase {
 protected:
  ChatFeedFailuresTest() { Make(ChatRoom(1), "globex"); }

  void Rounds() {
    for (int i = 0; i < 10; ++i) feed_.feed().Round();
  }
  std::shared_ptr<FakeListener> WatchIn(const std::string& company,
                                        std::optional<int64_t> after = std::nullopt) {
    auto listener = std::make_shared<FakeListener>();
    WatchWish wish;
    wish.room = ChatRoom(1);
    wish.after = after;
    EXPECT_OK(chat_.Watch(User(1).In(company), wish, listener));
    return listener;
  }
  void SayIn(const std::string& company, const std::string& text) {
    EXPECT_OK(chat_.Send(User(1).In(company), Draft(text)));
  }
  // The right to chat, from user 1.
  void TakeAwayIn(const std::string& company) {
    FakeChatStore::MadeRoom made;
    made.entries[ChatUser(1)] = {RoomRight::kJoin};
    store_.Make(CompanyId(company), ChatRoom(1), made);
  }
};

TEST_F(ChatFeedFailuresTest, TheOthersHearTheirOwn) {
  const auto acme = WatchIn("acme");
  const auto globex = WatchIn("globex");
  Rounds();
  store_.FailFor(CompanyId("acme"));
  SayIn("acme", "1");
  SayIn("globex", "2");
  Rounds();
  EXPECT_THAT(globex->texts, ElementsAre("2"));
  EXPECT_THAT(acme->texts, IsEmpty());
  store_.FailFor(CompanyId());
  Rounds();
  EXPECT_THAT(acme->texts, ElementsAre("1"));
}

TEST_F(ChatFeedFailuresTest, WhatIsToBeReadThereKeepsNobodysRightsFromBeingJudged) {
  const auto acme = WatchIn("acme");
  const auto globex = WatchIn("globex");
  Rounds();
  store_.FailFor(CompanyId("globex"));
  SayIn("globex", "1");
  TakeAwayIn("acme");
  clock_.Advance(absl::Seconds(3));
  Rounds();
  EXPECT_THAT(acme->ended, HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(ChatFeedFailuresTest, WhoIsToBeJudgedThereKeepsNobodyElseFromIt) {
  const auto acme = WatchIn("acme");
  const auto globex = WatchIn("globex");
  Rounds();
  store_.FailFor(CompanyId("acme"));
  clock_.Advance(absl::Seconds(3));
  Rounds();
  TakeAwayIn("globex");
  clock_.Advance(absl::Seconds(3));
  Rounds();
  EXPECT_THAT(globex->ended, HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(ChatFeedFailuresTest, WhoIsBehindThereKeepsNobodyElseBehind) {
  for (const auto* company : {"acme", "globex"}) SayIn(company, "1");
  Rounds();
  const auto acme = WatchIn("acme", 0);
  const auto globex = WatchIn("globex", 0);
  store_.FailFor(CompanyId("acme"));
  Rounds();
  EXPECT_THAT(globex->texts, ElementsAre("1"));
}

}  // namespace chat_feed_failures_test
}  // namespace usher::room
