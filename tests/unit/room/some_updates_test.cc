// Several updates in one call.
#include "services/room/rooms.h"
#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace some_updates_test {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using SomeUpdatesTest = RoomsTestBase;

TEST_F(SomeUpdatesTest, SomeUpdatesAreEachForThemselves) {
  const RoomId own = Make({{kMember, kAdmin}});
  const RoomId foreign = Make({{kMember, kJoin}});
  const auto outcomes =
      rooms_.UpdateSome(Member(), {{own.value(), RoomUpdate{own, Renamed()}},
                                   {"abc", RoomIdInvalid("roomId", "abc")},
                                   {foreign.value(), RoomUpdate{foreign, Renamed()}}});
  ASSERT_OK(outcomes);
  EXPECT_THAT(outcomes->at(own.value()), IsOk());
  EXPECT_THAT(outcomes->at("abc"), HasReplyCode(::common::ROOM_ID_INVALID));
  EXPECT_THAT(outcomes->at(foreign.value()), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Get(own).display_name, "renamed");
}

TEST_F(SomeUpdatesTest, SomeUpdatesOfOneRoomHappenInOrderAndTellTheFirstFailure) {
  const RoomId id = Make();
  RoomChange circle = Renamed();
  circle.parent = id;
  RoomChange last = Renamed();
  last.display_name = "last";
  const auto outcomes = rooms_.UpdateSome(Administrator(), {{id.value(), RoomUpdate{id, Renamed()}},
                                                            {id.value(), RoomUpdate{id, circle}},
                                                            {id.value(), RoomUpdate{id, last}}});
  ASSERT_OK(outcomes);
  EXPECT_THAT(*outcomes, ElementsAre(Pair(id.value(), HasReplyCode(::common::ROOM_INVALID))));
  EXPECT_EQ(Get(id).display_name, "last");
}

TEST_F(SomeUpdatesTest, SomeUpdatesAreUndecidedOnlyWhileNothingWasChanged) {
  const RoomId a = Make();
  const RoomId b = Make();
  const std::vector<NamedUpdate> updates = {{a.value(), RoomUpdate{a, Renamed()}},
                                            {b.value(), RoomUpdate{b, Renamed()}}};
  store_.FailAfter(0, Unreachable("the database"));
  EXPECT_THAT(rooms_.UpdateSome(Administrator(), updates),
              IsUndecided(absl::StatusCode::kUnavailable));
  store_.FailAfter(1, Unreachable("the database"));
  const auto outcomes = rooms_.UpdateSome(Administrator(), updates);
  ASSERT_OK(outcomes);
  EXPECT_THAT(outcomes->at(a.value()), IsOk());
  EXPECT_THAT(outcomes->at(b.value()), HasReplyCode(::common::REMOTE_ERROR));
}

TEST_F(SomeUpdatesTest, UpdatesForWhichThereWasNoTimeLeftSaySo) {
  const RoomId a = Make();
  const RoomId b = Make();
  for (const absl::Status& late : {absl::DeadlineExceededError("late"), absl::CancelledError("")}) {
    store_.FailAfter(1, late);
    const auto outcomes = rooms_.UpdateSome(
        Administrator(),
        {{a.value(), RoomUpdate{a, Renamed()}}, {b.value(), RoomUpdate{b, Renamed()}}});
    ASSERT_OK(outcomes);
    EXPECT_THAT(outcomes->at(b.value()), HasReplyCode(::common::TIMEOUT));
  }
}

}  // namespace some_updates_test
}  // namespace usher::room
