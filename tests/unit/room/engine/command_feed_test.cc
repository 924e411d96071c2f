#include "services/room/engine/command_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/db/notifications.h"
#include "tests/support/contracts/engine_store_fixture.h"
#include "tests/support/fake_engine_store.h"

namespace usher::room {
namespace command_feed_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FakeSink final : public CommandSink {
 public:
  void Open() override { opened = true; }
  bool Send(const Command& command) override {
    if (closed_) return false;
    EXPECT_TRUE(opened);
    sent.push_back(command);
    return true;
  }
  void Close(const absl::Status& why) override {
    closed_ = true;
    ended_with = why;
  }
  bool closed() const override { return closed_; }

  bool opened = false;
  std::vector<Command> sent;
  absl::Status ended_with;

 private:
  bool closed_ = false;
};

class CommandFeedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Room room;
    room.display_name = "room";
    room.default_rights = RoomRights{RoomRight::kJoin};
    const RoomId id(NewUuid());
    const Viewer viewer{kAcme, ContractUser(1), true, true, true};
    EXPECT_OK(rooms_.Insert(ACall(), viewer, id, room, AnyParent));
    for (const EngineId& engine : {kEngine, kOtherEngine}) {
      EXPECT_OK(store_.Take(ACall(), kAcme, {engine, {{id, {}}}, {}, false}));
    }
  }
  std::shared_ptr<FakeSink> Join(const EngineId& engine = kEngine) {
    auto sink = std::make_shared<FakeSink>();
    EXPECT_OK(feed_.Add(kAcme, engine, sink));
    return sink;
  }
  void Order(int user) {
    store_.Tell(kAcme, {CommandKind::kPutOut, RoomId(), ContractUser(user), Reason::kUserRemoved});
  }
  void Acknowledge(const Command& command) {
    EXPECT_OK(store_.Acknowledge(ACall(), kAcme, kEngine, {command.id}));
  }
  void RunDry() {
    while (feed_.feed().Round() <= clock_.Now()) {
    }
  }
  // Looks where something was announced, or where that was lost.
  void Deliver() {
    feed_.feed().LookEverywhere();
    RunDry();
  }
  // All rounds of so much time, in which the database's notifications say now and then to look
  // everywhere.
  void LetPass(absl::Duration time) {
    const absl::Duration quiet_period = db::NotificationOptions().quiet_period;
    const absl::Time end = clock_.Now() + time;
    absl::Time look = clock_.Now() + quiet_period;
    while (clock_.Now() < end) {
      RunDry();
      clock_.Set(std::min({feed_.feed().Round(), look, end}));
      if (clock_.Now() < look) continue;
      feed_.feed().LookEverywhere();
      look += quiet_period;
    }
    RunDry();
  }
  static std::vector<UserId> Users(const FakeSink& sink) {
    std::vector<UserId> users;
    for (const Command& command : sink.sent) users.push_back(command.order.user);
    return users;
  }

  FakeClock clock_;
  FakeRoomStore rooms_;
  FakeEngineStore store_{rooms_, clock_, absl::Seconds(90)};
  CommandFeed feed_{store_, clock_, {.most_unacknowledged = 3, .most_engines = 2}, nullptr};
};

TEST_F(CommandFeedTest, EachCommandIsSentOnceWhileItsAcknowledgementMayCome) {
  const auto sink = Join();
  Order(1);
  Deliver();
  Deliver();
  EXPECT_THAT(Users(*sink), ElementsAre(ContractUser(1)));
  Order(2);
  Deliver();
  EXPECT_THAT(Users(*sink), ElementsAre(ContractUser(1), ContractUser(2)));
}

TEST_F(CommandFeedTest, WhatIsNotAcknowledgedIsSentAgainAndWhatIsIsNot) {
  const auto sink = Join();
  Order(1);
  Order(2);
  Deliver();
  Acknowledge(sink->sent.at(0));
  clock_.Advance(absl::Seconds(29));
  RunDry();
  EXPECT_THAT(sink->sent, SizeIs(2));
  clock_.Advance(absl::Seconds(1));
  RunDry();
  EXPECT_THAT(Users(*sink), ElementsAre(ContractUser(1), ContractUser(2), ContractUser(2)));
}

TEST_F(CommandFeedTest, WhatIsAnnouncedIsSentAtOnce) {
  const auto sink = Join();
  const auto other = Join(kOtherEngine);
  RunDry();
  Order(1);
  feed_.feed().Look({kAcme, kEngine.value()});
  RunDry();
  EXPECT_THAT(sink->sent, SizeIs(1));
  EXPECT_THAT(other->sent, IsEmpty());
}

TEST_F(CommandFeedTest, WhatWasAnnouncedToNobodyIsSentWithinSeconds) {
  const auto sink = Join();
  RunDry();
  Order(1);
  RunDry();
  EXPECT_THAT(sink->sent, IsEmpty());
  LetPass(absl::Seconds(5));
  EXPECT_THAT(sink->sent, SizeIs(1));
}

TEST_F(CommandFeedTest, EnginesWithNothingToDoCostAStatementEveryFiveSeconds) {
  Join();
  Join(kOtherEngine);
  RunDry();
  const int before = store_.lists_of_commands();
  LetPass(absl::Minutes(1));
  EXPECT_LE(store_.lists_of_commands() - before, 12);
}

TEST_F(CommandFeedTest, AServerWithoutEnginesAsksForNothing) {
  LetPass(absl::Minutes(1));
  EXPECT_EQ(store_.lists_of_commands(), 0);
}

TEST_F(CommandFeedTest, ANewStreamBeginsWithWhatWasNotAcknowledged) {
  const auto before = Join();
  Order(1);
  Order(2);
  Deliver();
  Acknowledge(before->sent.at(0));
  const auto after = Join();
  EXPECT_TRUE(before->closed());
  EXPECT_TRUE(absl::IsCancelled(before->ended_with));
  RunDry();
  EXPECT_THAT(Users(*after), ElementsAre(ContractUser(2)));
}

TEST_F(CommandFeedTest, NoMoreAreUnderWayThanAnEngineMayOwe) {
  const auto sink = Join();
  for (int i = 1; i <= 5; ++i) Order(i);
  Deliver();
  EXPECT_THAT(sink->sent, SizeIs(3));
  Deliver();
  EXPECT_THAT(sink->sent, SizeIs(3));
  Acknowledge(sink->sent.at(0));  // perhaps at another replica
  clock_.Advance(absl::Milliseconds(250));
  RunDry();
  EXPECT_THAT(Users(*sink),
              ElementsAre(ContractUser(1), ContractUser(2), ContractUser(3), ContractUser(4)));
}

TEST_F(CommandFeedTest, EachEngineGetsItsOwn) {
  const auto sink = Join();
  const auto other = Join(kOtherEngine);
  Order(1);
  Deliver();
  EXPECT_THAT(sink->sent, SizeIs(1));
  EXPECT_THAT(other->sent, SizeIs(1));
  EXPECT_NE(sink->sent[0].id, other->sent[0].id);
}

TEST_F(CommandFeedTest, ThereAreOnlySoManyStreamsAndThoseThatEndedMakeRoom) {
  const auto sink = Join();
  Join(kOtherEngine);
  auto third = std::make_shared<FakeSink>();
  EXPECT_TRUE(absl::IsResourceExhausted(feed_.Add(kAcme, EngineId("third"), third)));
  EXPECT_FALSE(third->opened);
  sink->Close(absl::OkStatus());
  EXPECT_OK(feed_.Add(kAcme, EngineId("third"), third));
}

TEST_F(CommandFeedTest, ADatabaseThatIsAwayCostsNothingButTime) {
  const auto sink = Join();
  Order(1);
  store_.Fail(absl::UnavailableError("away"));
  EXPECT_GT(feed_.feed().Round(), clock_.Now());
  EXPECT_THAT(sink->sent, IsEmpty());
  EXPECT_FALSE(sink->closed());
  store_.Fail(absl::OkStatus());
  RunDry();
  EXPECT_THAT(sink->sent, SizeIs(1));
}

}  // namespace command_feed_test
}  // namespace usher::room
