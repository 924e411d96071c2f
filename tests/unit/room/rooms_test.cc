#include "services/room/rooms.h"

#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace rooms_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using RoomsTest = RoomsTestBase;

TEST_F(RoomsTest, CreateIsRefusedWithoutRoomCreate) {
  EXPECT_THAT(rooms_.Create(Administrator(), Renamed()),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(RoomsTest, CreateNeedsADisplayName) {
  EXPECT_THAT(rooms_.Create(Member().With(Permission::kRoomCreate), {}),
              HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(RoomsTest, TheCreatorGetsAdminAndKeepsWhatTheDraftGives) {
  RoomChange draft = Renamed();
  draft.entries = {{kMember, kJoin}, {kOther, std::nullopt}};
  const auto made = rooms_.Create(Member().With(Permission::kRoomCreate), draft);
  ASSERT_OK(made);
  EXPECT_THAT(made->room.entries, ElementsAre(Pair(kMember, kJoin.Or(kAdmin))));
  EXPECT_EQ(Get(made->id), made->room);
}

TEST_F(RoomsTest, ACreatorWithRoomAdminGetsNoEntry) { EXPECT_THAT(Get(Make()).entries, IsEmpty()); }

TEST_F(RoomsTest, AGuestWhoCreatesGetsAnEntryUnderTheSharedAccess) {
  const auto made = rooms_.Create(
      ACaller().OfSharedAccess(kOther).With({Permission::kRoomCreate, Permission::kRoomAdmin}),
      Renamed());
  ASSERT_OK(made);
  EXPECT_THAT(made->room.entries, ElementsAre(Pair(kOther, kAdmin)));
}

TEST_F(RoomsTest, AParentMustBeARoomOfTheCompany) {
  const ACaller caller = Member().With(Permission::kRoomCreate);
  RoomChange draft = Renamed();
  for (const RoomId& parent : {RoomId(NewUuid()), MakeElsewhere()}) {
    draft.parent = parent;
    EXPECT_THAT(rooms_.Create(caller, draft), HasReplyCode(::common::ROOM_NOT_FOUND));
  }
  draft.parent = Make();
  EXPECT_OK(rooms_.Create(caller, draft));
}

TEST_F(RoomsTest, GuestsKnowOnlyParentsWithAnEntryOfTheirOwn) {
  RoomChange draft = Renamed();
  draft.parent = Make({}, kAdmin);
  EXPECT_THAT(rooms_.Create(Guest().With(Permission::kRoomCreate), draft),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  draft.parent = Make({{kMember, kJoin}});
  EXPECT_OK(rooms_.Create(Guest().With(Permission::kRoomCreate), draft));
}

TEST_F(RoomsTest, CreateIsRepeatedSafelyWithAnIdempotencyKey) {
  const ACaller caller = Member().With(Permission::kRoomCreate).WithIdempotencyKey("k");
  const auto first = rooms_.Create(caller, Renamed());
  const auto second = rooms_.Create(caller, Renamed());
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(first->room, second->room);
}

// The key comes before all that may have changed since: the parent may be gone, or closed to a
// guest.
TEST_F(RoomsTest, ARepeatedCreateAnswersTheFirstRoomWhateverHasBecomeOfItsParent) {
  const ACaller guest = Guest().With(Permission::kRoomCreate).WithIdempotencyKey("k");
  RoomChange draft = Renamed();
  draft.parent = Make({{kMember, kJoin}, {kOther, kAdmin}});
  const auto first = rooms_.Create(guest, draft);
  ASSERT_OK(first);
  RoomChange closed;
  closed.entries[kMember] = std::nullopt;
  ASSERT_OK(rooms_.Update(Administrator(), {draft.parent, closed}));
  const auto second = rooms_.Create(guest, draft);
  ASSERT_OK(second);
  EXPECT_EQ(second->id, first->id);
  ASSERT_OK(rooms_.Destroy(Administrator(), draft.parent));
  const auto third = rooms_.Create(guest, draft);
  ASSERT_OK(third);
  EXPECT_EQ(third->id, first->id);
}

TEST_F(RoomsTest, UpdateTakesRoomAdminOrAdminInTheRoom) {
  const RoomId id = Make({{kMember, kJoin}, {kOther, kAdmin}});
  const RoomUpdate update{id, Renamed()};
  EXPECT_THAT(rooms_.Update(Member(), update), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(rooms_.Update(Member().With(Permission::kRoomList), update),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Get(id).display_name, "room");
  EXPECT_OK(rooms_.Update(ACaller().As(kOther), update));
  EXPECT_OK(rooms_.Update(Administrator(), update));
  EXPECT_OK(rooms_.Update(ACaller().As(kOther).AsGuest(), update));
}

TEST_F(RoomsTest, BackendPermissionsAndDefaultsOpenNothingToGuests) {
  const RoomId id = Make({}, kAdmin);
  const ACaller guest = Guest().With({Permission::kRoomAdmin, Permission::kRoomList});
  EXPECT_THAT(rooms_.Update(guest, {id, Renamed()}), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Destroy(guest, id), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Permissions(guest, id, UserId()), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.CreateJoinLink(guest, {id}), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.List(guest, {}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(rooms_.Status(guest, {id}), IsOkAndHolds(IsEmpty()));
}

TEST_F(RoomsTest, RoomsOfAnotherCompanyAreAsIfTheyDidNotExist) {
  const RoomId theirs = MakeElsewhere();
  EXPECT_THAT(rooms_.Update(Administrator(), {theirs, Renamed()}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Destroy(Administrator(), theirs), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Permissions(Administrator(), theirs, UserId()),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.CreateJoinLink(Administrator(), {theirs}),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.List(Administrator(), {.only = {theirs}}), IsOkAndHolds(IsEmpty()));
}

TEST_F(RoomsTest, TheLastAdministratorOfARoomStays) {
  const RoomId id = Make({{kMember, kAdmin}});
  RoomChange leave;
  leave.entries = {{kMember, std::nullopt}};
  EXPECT_THAT(rooms_.Update(Member(), {id, leave}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  leave.entries[kMember] = kJoin;
  EXPECT_THAT(rooms_.Update(Member(), {id, leave}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  leave.entries[kOther] = kAdmin;
  EXPECT_OK(rooms_.Update(Member(), {id, leave}));
  leave.entries = {{kOther, std::nullopt}};
  EXPECT_OK(rooms_.Update(Administrator(), {id, leave}));
}

TEST_F(RoomsTest, TheLimitsOfARoomHoldAfterAnUpdateToo) {
  Rooms small(store_, presence_, signer_, tickets_, bases_, {.entries = 2, .sub_rooms = 1});
  const RoomId id = Make({{kMember, kJoin}});
  RoomChange change;
  change.entries = {{kOther, kJoin}, {UserId(NewUuid()), kJoin}};
  EXPECT_THAT(small.Update(Administrator(), {id, change}),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  change.entries[kMember] = std::nullopt;
  EXPECT_OK(small.Update(Administrator(), {id, change}));
  RoomChange parts;
  parts.sub_rooms = {{SubRoomId("a"), SubRoom{"A"}}, {SubRoomId("b"), SubRoom{"B"}}};
  EXPECT_THAT(small.Update(Administrator(), {id, parts}),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  parts.display_name = "new";
  EXPECT_THAT(small.Create(Administrator().With(Permission::kRoomCreate), parts),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(RoomsTest, ListShowsWhatTheCallerMaySee) {
  const RoomId closed = Make();
  const RoomId open = Make({}, kJoin);
  const RoomId own = Make({{kMember, kJoin}});
  const auto ids = [this](const Caller& caller) {
    const auto listed = rooms_.List(caller, {});
    EXPECT_OK(listed);
    std::vector<RoomId> ids;
    for (const RoomView& room : *listed) ids.push_back(IdOf(room));
    return ids;
  };
  EXPECT_THAT(ids(Member().With(Permission::kRoomList)), ElementsAre(closed, open, own));
  EXPECT_THAT(ids(Administrator()), ElementsAre(closed, open, own));
  EXPECT_THAT(ids(Member()), ElementsAre(open, own));
  EXPECT_THAT(ids(Guest()), ElementsAre(own));
  EXPECT_THAT(ids(ACaller().OfSharedAccess(kMember)), ElementsAre(own));
  EXPECT_THAT(ids(Member().Joining(own)), ElementsAre(own));
  EXPECT_THAT(ids(Member().Joining(closed)), IsEmpty());
}

TEST_F(RoomsTest, DestroyTakesRoomAdminOrAdminInTheRoom) {
  const RoomId id = Make({{kMember, kJoin}, {kOther, kAdmin}});
  EXPECT_THAT(rooms_.Destroy(Member(), id), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(rooms_.Destroy(ACaller().As(kOther), id));
  EXPECT_THAT(rooms_.Destroy(Administrator(), id), HasReplyCode(::common::ROOM_NOT_FOUND));
}

TEST_F(RoomsTest, StatusTellsOfVisibleRoomsAlsoWhenNobodyIsOnline) {
  const RoomId own = Make({{kMember, kJoin}});
  const RoomId empty = Make({{kMember, kJoin}});
  const RoomId closed = Make();
  presence_.online[own] = {Online(kOther)};
  presence_.online[closed] = {Online(kOther)};
  EXPECT_THAT(rooms_.Status(Member(), {}),
              IsOkAndHolds(UnorderedElementsAre(Pair(own, ElementsAre(Online(kOther))),
                                                Pair(empty, IsEmpty()))));
  EXPECT_THAT(rooms_.Status(Member(), {closed, empty, RoomId(NewUuid())}),
              IsOkAndHolds(ElementsAre(Pair(empty, IsEmpty()))));
}

TEST_F(RoomsTest, EffectivePermissionsAreEntryElseDefaultsElseNone) {
  const RoomId id = Make({{kMember, RoomRights{RoomRight::kVoice}}}, kJoin);
  EXPECT_THAT(rooms_.Permissions(Member(), id, UserId()),
              IsOkAndHolds(RoomRights{RoomRight::kVoice}));
  EXPECT_THAT(rooms_.Permissions(ACaller().As(kOther), id, UserId()), IsOkAndHolds(kJoin));
  EXPECT_THAT(rooms_.Permissions(Administrator(), id, UserId()), IsOkAndHolds(kAllRoomRights));
  EXPECT_THAT(rooms_.Permissions(Member(), Make(), UserId()), IsOkAndHolds(RoomRights{}));
  EXPECT_THAT(rooms_.Permissions(Member(), Make({{kMember, kAdmin}}), UserId()),
              IsOkAndHolds(kAllRoomRights));
}

TEST_F(RoomsTest, PermissionsOfAGuestOfASharedAccessStandUnderTheAccess) {
  const RoomId id = Make({{kOther, kJoin}});
  const Caller guest = Member().OfSharedAccess(kOther);
  for (const UserId& asked : {UserId(), kMember, kOther}) {
    EXPECT_THAT(rooms_.Permissions(guest, id, asked), IsOkAndHolds(kJoin));
  }
}

TEST_F(RoomsTest, PermissionsOfOthersTakeAdminInTheRoom) {
  const RoomId id = Make({{kMember, kJoin}, {kOther, kAdmin}});
  EXPECT_THAT(rooms_.Permissions(Member(), id, kOther),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(rooms_.Permissions(ACaller().As(kOther), id, kMember), IsOkAndHolds(kJoin));
  EXPECT_THAT(rooms_.Permissions(Administrator(), id, kOther), IsOkAndHolds(kAllRoomRights));
  EXPECT_THAT(rooms_.Permissions(Administrator(), id, UserId(NewUuid())),
              IsOkAndHolds(RoomRights{}));
}

TEST_F(RoomsTest, AnUpdateAnswersTheRoomAsTheCallerSeesItThen) {
  const RoomId id = Make({{kMember, kAdmin}, {kOther, kAdmin}});
  const auto as_member = rooms_.Update(Member(), {id, Renamed()});
  ASSERT_OK(as_member);
  ASSERT_TRUE(as_member->has_value());
  EXPECT_EQ((*as_member)->id, id);
  EXPECT_EQ((*as_member)->room, Get(id));
  EXPECT_EQ((*as_member)->mine, kAllRoomRights);
  RoomChange demotion;
  demotion.entries = {{kMember, kJoin}};
  const auto demoted = rooms_.Update(Member(), {id, demotion});
  ASSERT_OK(demoted);
  EXPECT_EQ((*demoted)->mine, kJoin);
  EXPECT_THAT((*demoted)->room.entries, ElementsAre(Pair(kMember, kJoin)));
  RoomChange leaving;
  leaving.entries = {{kOther, RoomRights{}}, {kMember, kAdmin}};
  const auto left = rooms_.Update(ACaller().As(kOther), {id, leaving});
  ASSERT_OK(left);
  EXPECT_FALSE(left->has_value());
}

TEST_F(RoomsTest, ACreatedRoomTellsWhatItsCreatorMayDo) {
  const auto made = rooms_.Create(Member().With(Permission::kRoomCreate), Renamed());
  ASSERT_OK(made);
  EXPECT_EQ(made->mine, kAllRoomRights);
}

}  // namespace rooms_test
}  // namespace usher::room
