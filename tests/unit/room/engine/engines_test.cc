#include "services/room/engine/engines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "services/room/engine/engine_options.h"
#include "tests/support/fake_engine_store.h"
#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace engines_test {

const EngineId kEngine("engine-1");

class NowhereSink final : public CommandSink {
 public:
  void Open() override {}
  bool Send(const Command&) override { return true; }
  void Close(const absl::Status&) override {}
  bool closed() const override { return false; }
};

class EnginesTest : public RoomsTestBase {
 protected:
  FakeClock clock_;
  FakeEngineStore engine_store_{store_, clock_, absl::Seconds(90)};
  CommandFeed feed_{engine_store_, clock_, {}, nullptr};
  Engines engines_{engine_store_, feed_};
  Rooms rooms_with_presence_{store_, engine_store_, signer_, tickets_, bases_, {}};
};

TEST_F(EnginesTest, AllOfItTakesRoomAdmin) {
  const auto outcomes = [this](const Caller& caller) {
    return std::vector<absl::Status>{
        engines_.Report(caller, {kEngine, {}, {}, false}).status(),
        engines_.FindRights(caller, {}).status(),
        engines_.Watch(caller, kEngine, std::make_shared<NowhereSink>()),
        engines_.Acknowledge(caller, kEngine, {})};
  };
  for (const absl::Status& status : outcomes(Administrator())) EXPECT_OK(status);
  for (const absl::Status& status :
       outcomes(ACaller().With({Permission::kRoomList, Permission::kRoomCreate}))) {
    EXPECT_THAT(status, HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
}

TEST_F(EnginesTest, StatusTellsWhomAnEngineHasReported) {
  const RoomId id = Make({{kMember, kJoin}});
  EXPECT_OK(engines_.Report(Administrator(), {kEngine, {{id, {Online(kMember)}}}, {}, false}));
  EXPECT_THAT(rooms_with_presence_.Status(Member(), {id}),
              IsOkAndHolds(::testing::ElementsAre(
                  ::testing::Pair(id, ::testing::ElementsAre(Online(kMember))))));
}

TEST_F(EnginesTest, AnEngineOfAnotherCompanyFindsNothingHere) {
  const RoomId id = Make({{kMember, kJoin}});
  const auto outcome =
      engines_.Report(Administrator().In("other"), {kEngine, {{id, {Online(kMember)}}}, {}, false});
  ASSERT_OK(outcome);
  EXPECT_THAT(outcome->unknown, ::testing::ElementsAre(id));
  EXPECT_THAT(rooms_with_presence_.Status(Member(), {id}),
              IsOkAndHolds(::testing::ElementsAre(::testing::Pair(id, ::testing::IsEmpty()))));
}

}  // namespace engines_test
}  // namespace usher::room
