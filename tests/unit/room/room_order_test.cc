#include "services/room/room_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "services/room/rooms.h"
#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace room_order_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
constexpr auto kNobody = std::nullopt;

TEST(PlaceBetween, IsInTheMiddle) {
  EXPECT_EQ(PlaceBetween(0, 10), 5);
  EXPECT_EQ(PlaceBetween(-3, -1), -2);
  EXPECT_EQ(PlaceBetween(kLowest, kHighest), -1);
}

TEST(PlaceBetween, LeavesRoomWhereThereIsOneNeighbour) {
  EXPECT_EQ(PlaceBetween(kNobody, 0), -kBetweenPlaces);
  EXPECT_EQ(PlaceBetween(0, kNobody), kBetweenPlaces);
  EXPECT_EQ(PlaceBetween(kNobody, kNobody), 0);
}

TEST(PlaceBetween, IsNothingWhereNoNumberIsLeft) {
  EXPECT_EQ(PlaceBetween(0, 0), kNobody);
  EXPECT_EQ(PlaceBetween(0, 1), kNobody);
  EXPECT_EQ(PlaceBetween(1, 0), kNobody);
  EXPECT_EQ(PlaceBetween(kHighest, kNobody), kNobody);
  EXPECT_EQ(PlaceBetween(kNobody, kLowest), kNobody);
  EXPECT_EQ(PlaceBetween(kHighest - kBetweenPlaces, kNobody), kHighest);
  EXPECT_EQ(PlaceBetween(kNobody, kLowest + kBetweenPlaces), kLowest);
}

TEST(NewPlaces, EndWithTheNumberOfRoomsThatAreMadeLater) {
  EXPECT_THAT(NewPlaces(0), IsEmpty());
  EXPECT_THAT(NewPlaces(1), ElementsAre(0));
  EXPECT_THAT(NewPlaces(3), ElementsAre(-2 * kBetweenPlaces, -kBetweenPlaces, 0));
}

using SortTest = RoomsTestBase;

TEST_F(SortTest, TakesRoomAdminOrAdminInEachRoomMoved) {
  const RoomId own = Make({{kMember, kAdmin}});
  const RoomId foreign = Make({{kMember, kJoin}});
  EXPECT_OK(rooms_.Sort(Member(), {{own, RoomId(), foreign}}));
  EXPECT_THAT(rooms_.Sort(Member(), {{own, RoomId(), RoomId()}, {foreign, RoomId(), own}}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(rooms_.Sort(Guest(), {{Make(), RoomId(), RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_OK(rooms_.Sort(Administrator(), {{foreign, RoomId(), own}}));
}

TEST_F(SortTest, StaysWithinTheCompany) {
  const RoomId own = Make();
  const RoomId theirs = MakeElsewhere();
  EXPECT_THAT(rooms_.Sort(Administrator(), {{theirs, RoomId(), RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Sort(Administrator(), {{own, theirs, RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Sort(Administrator(), {{own, RoomId(), theirs}}),
              HasReplyCode(::common::ROOM_PREDECESSOR_NOT_FOUND));
}

TEST_F(SortTest, GuestsMoveBelowParentsThatTheyKnowAlone) {
  const RoomId own = Make({{kMember, kAdmin}});
  EXPECT_THAT(rooms_.Sort(Guest(), {{own, Make({}, kAdmin), RoomId()}}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_OK(rooms_.Sort(Guest(), {{own, Make({{kMember, kJoin}}), RoomId()}}));
}

TEST_F(SortTest, TheOrderOfAListStaysThatOfCreation) {
  const RoomId first = Make();
  const RoomId second = Make();
  ASSERT_OK(rooms_.Sort(Administrator(), {{second, RoomId(), RoomId()}}));
  const auto listed = rooms_.List(Administrator(), {});
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(IdOf(*listed->begin()), first);
  EXPECT_LT(Get(second).sort, Get(first).sort);
}

}  // namespace room_order_test
}  // namespace usher::room
