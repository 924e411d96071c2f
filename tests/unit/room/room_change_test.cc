// New rooms, and what a change makes of a room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "services/room/room.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_change_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const CompanyId kAcme("acme");
const UserId kMember("01900000-0000-7000-9000-000000000002");
const UserId kOther("01900000-0000-7000-9000-000000000003");
const RoomId kParent("01900000-0000-7000-9000-00000000000a");
constexpr RoomRights kJoin{RoomRight::kJoin};
constexpr RoomRights kVoice{RoomRight::kVoice};
constexpr RoomRights kAdmin{RoomRight::kAdmin};
constexpr RoomRights kAdminAndVoice{RoomRight::kAdmin, RoomRight::kVoice};
constexpr auto kNone = std::nullopt;

Viewer User(PermissionSet permissions = {}) {
  return ViewerWith(kAcme, kMember, permissions, false);
}
Viewer Guest(PermissionSet permissions = {}) {
  return ViewerWith(kAcme, kMember, permissions, true);
}

class NewRoomTest : public ::testing::Test {
 protected:
  NewRoomTest() { draft_.display_name = "room"; }
  RoomChange draft_;
};

TEST_F(NewRoomTest, IsWhatTheDraftGives) {
  draft_.parent = kParent;
  draft_.active_participants = 7;
  draft_.allow_spectators = true;
  draft_.metadata = {{"key", "value"}, {"gone", ""}};
  draft_.default_rights = kJoin;
  draft_.entries = {{kMember, kVoice}, {kOther, kNone}};
  draft_.sub_rooms = {{SubRoomId("a"), SubRoom{"A", 1}}, {SubRoomId("b"), kNone}};
  const auto room = NewRoom(User({Permission::kRoomAdmin}), draft_, RoomLimits());
  ASSERT_OK(room);
  EXPECT_EQ(room->parent, kParent);
  EXPECT_EQ(room->display_name, "room");
  EXPECT_EQ(room->active_participants, 7u);
  EXPECT_TRUE(room->allow_spectators);
  EXPECT_THAT(room->metadata, ElementsAre(Pair("key", "value")));
  EXPECT_EQ(room->default_rights, kJoin);
  EXPECT_THAT(room->entries, ElementsAre(Pair(kMember, kVoice)));
  EXPECT_THAT(room->sub_rooms, ElementsAre(Pair(SubRoomId("a"), SubRoom{"A", 1})));
}

TEST_F(NewRoomTest, GivesAdminToItsCreatorUnlessRoomAdminDoes) {
  EXPECT_THAT(NewRoom(User(), draft_, RoomLimits())->entries, ElementsAre(Pair(kMember, kAdmin)));
  EXPECT_THAT(NewRoom(User({Permission::kRoomAdmin}), draft_, RoomLimits())->entries, IsEmpty());
  EXPECT_THAT(NewRoom(Guest({Permission::kRoomAdmin}), draft_, RoomLimits())->entries,
              ElementsAre(Pair(kMember, kAdmin)));
  draft_.entries = {{kMember, kVoice}};
  EXPECT_THAT(NewRoom(User(), draft_, RoomLimits())->entries,
              ElementsAre(Pair(kMember, kAdminAndVoice)));
}

TEST_F(NewRoomTest, NeedsAName) {
  draft_.display_name.clear();
  EXPECT_THAT(NewRoom(User(), draft_, RoomLimits()), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(NewRoomTest, CountsTheEntryOfItsCreatorTowardsTheLimit) {
  const RoomLimits limits{.entries = 1, .sub_rooms = 1};
  EXPECT_OK(NewRoom(User(), draft_, limits));
  draft_.entries = {{kOther, kJoin}};
  EXPECT_THAT(NewRoom(User(), draft_, limits), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(NewRoom(User({Permission::kRoomAdmin}), draft_, limits));
  draft_.entries = {{kMember, kJoin}};
  EXPECT_OK(NewRoom(User(), draft_, limits));
  draft_.sub_rooms = {{SubRoomId("a"), SubRoom{"A", 1}}};
  EXPECT_OK(NewRoom(User(), draft_, limits));
  draft_.sub_rooms.emplace(SubRoomId("b"), SubRoom{"B", 1});
  EXPECT_THAT(NewRoom(User(), draft_, limits), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

class MergeTest : public ::testing::Test {
 protected:
  MergeTest() {
    room_.settings.parent = kParent;
    room_.settings.display_name = "room";
    room_.settings.active_participants = 5;
    room_.settings.allow_spectators = true;
    room_.settings.metadata = {{"key", "value"}};
    room_.settings.default_rights = kJoin;
  }
  absl::StatusOr<RoomWrite> Merged(const RoomLimits& limits = {}) {
    return Merge(User(), room_, change_, limits);
  }
  RoomSettings After() {
    const auto merged = Merged();
    EXPECT_OK(merged);
    return merged.ok() ? merged->settings : RoomSettings();
  }

  LockedRoom room_;
  RoomChange change_;
};

TEST_F(MergeTest, WhatIsNotNamedStays) {
  EXPECT_EQ(After(), room_.settings);
  EXPECT_EQ(Merged()->entry_count, 0u);
  EXPECT_EQ(Merged()->sub_room_count, 0u);
}

TEST_F(MergeTest, WhatIsNamedIsOverwritten) {
  change_.parent = RoomId(NewUuid());
  change_.display_name = "other";
  change_.active_participants = 0;
  change_.metadata = {{"key", ""}, {"new", "1"}};
  change_.default_rights = kVoice;
  room_.parent.exists = true;
  const RoomSettings after = After();
  EXPECT_EQ(after.parent, change_.parent);
  EXPECT_EQ(after.display_name, "other");
  EXPECT_EQ(after.active_participants, 0u);
  EXPECT_TRUE(after.allow_spectators);
  EXPECT_THAT(after.metadata, ElementsAre(Pair("new", "1")));
  EXPECT_EQ(after.default_rights, kVoice);
}

TEST_F(MergeTest, SpectatorsCanBeLetInAndNotShutOut) {
  room_.settings.allow_spectators = false;
  EXPECT_FALSE(After().allow_spectators);
  change_.allow_spectators = true;
  EXPECT_TRUE(After().allow_spectators);
}

TEST_F(MergeTest, RemovedDefaultRightsAreGoneWhateverIsGivenBeside) {
  change_.remove_default_rights = true;
  EXPECT_EQ(After().default_rights, kNone);
  change_.default_rights = kVoice;
  EXPECT_EQ(After().default_rights, kNone);
}

TEST_F(MergeTest, AParentIsCheckedWhereOneIsGiven) {
  EXPECT_OK(Merged());
  change_.parent = kParent;
  EXPECT_THAT(Merged(), HasReplyCode(::common::ROOM_NOT_FOUND));
  room_.parent.exists = true;
  EXPECT_OK(Merged());
  EXPECT_THAT(Merge(Guest(), room_, change_, RoomLimits()), HasReplyCode(::common::ROOM_NOT_FOUND));
  room_.parent.is_within = true;
  EXPECT_THAT(Merged(), HasReplyCode(::common::ROOM_INVALID));
}

TEST_F(MergeTest, MetadataThatWouldGrowTooLargeAreRefused) {
  room_.settings.metadata.clear();
  for (int i = 0; i < 100; ++i) room_.settings.metadata[absl::StrCat("key", i)] = "x";
  change_.metadata = {{"one more", "x"}};
  EXPECT_THAT(Merged(), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  change_.metadata["key1"] = "";
  EXPECT_OK(Merged());
}

TEST_F(MergeTest, EntriesAndSubRoomsAreCountedAfterTheChange) {
  room_.entry_count = 10;
  room_.sub_room_count = 20;
  room_.named_entries = {kMember};
  room_.named_sub_rooms = {SubRoomId("a"), SubRoomId("b")};
  const UserId third(NewUuid());
  const UserId fourth(NewUuid());
  change_.entries = {{kMember, kJoin}, {kOther, kJoin}, {third, kJoin}, {fourth, kNone}};
  change_.sub_rooms = {
      {SubRoomId("a"), kNone}, {SubRoomId("b"), kNone}, {SubRoomId("c"), SubRoom{"C", 1}}};
  ASSERT_OK(Merged());
  EXPECT_EQ(Merged()->entry_count, 12u);
  EXPECT_EQ(Merged()->sub_room_count, 19u);
  change_.entries[kMember] = kNone;
  EXPECT_EQ(Merged()->entry_count, 11u);
}

TEST_F(MergeTest, TheLimitsHoldForWhatTheChangeLeaves) {
  room_.entry_count = room_.sub_room_count = 2;
  room_.named_entries = {kMember};
  change_.entries = {{kOther, kJoin}};
  EXPECT_THAT(Merged({.entries = 2, .sub_rooms = 2}), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(Merged({.entries = 3, .sub_rooms = 2}));
  change_.entries[kMember] = kNone;
  EXPECT_OK(Merged({.entries = 2, .sub_rooms = 2}));
  change_.sub_rooms = {{SubRoomId("c"), SubRoom{"C", 1}}};
  EXPECT_THAT(Merged({.entries = 2, .sub_rooms = 2}), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(Merged({.entries = 2, .sub_rooms = 3}));
}

}  // namespace room_change_test
}  // namespace usher::room
