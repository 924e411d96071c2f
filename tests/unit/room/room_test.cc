#include "services/room/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_test {

const CompanyId kAcme("acme");
const UserId kMember("01900000-0000-7000-9000-000000000002");
const UserId kOther("01900000-0000-7000-9000-000000000003");
const RoomId kParent("01900000-0000-7000-9000-00000000000a");
constexpr RoomRights kNothing;
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

TEST(RoomViewer, BackendPermissionsAndDefaultRightsOpenRoomsToUsersAndNeverToGuests) {
  struct Row {
    PermissionSet permissions;
    bool guest, sees_all, administers_all, has_defaults;
  };
  const PermissionSet all = PermissionSet::FromMask(~uint32_t{0});
  for (const Row& row : std::vector<Row>{
           {{}, false, false, false, true},
           {{Permission::kRoomList}, false, true, false, true},
           {{Permission::kRoomAdmin}, false, true, true, true},
           {{Permission::kRoomCreate, Permission::kUserAdmin}, false, false, false, true},
           {all.Without({Permission::kRoomAdmin, Permission::kRoomList}), false, false, false,
            true},
           {{}, true, false, false, false},
           {all, true, false, false, false},
       }) {
    const Viewer viewer = ViewerWith(kAcme, kMember, row.permissions, row.guest);
    const std::string what = absl::StrCat(row.permissions.mask(), row.guest ? " guest" : "");
    EXPECT_EQ(viewer.company, kAcme);
    EXPECT_EQ(viewer.subject, kMember);
    EXPECT_EQ(viewer.sees_all, row.sees_all) << what;
    EXPECT_EQ(viewer.administers_all, row.administers_all) << what;
    EXPECT_EQ(viewer.has_defaults, row.has_defaults) << what;
  }
}

TEST(RoomRightsTable, RoomAdminElseTheEntryElseTheDefaultRightsElseNothing) {
  struct Row {
    Viewer viewer;
    std::optional<RoomRights> entry, by_default;
    RoomRights effective;
  };
  const Viewer administrator = User({Permission::kRoomAdmin});
  const Viewer lister = User({Permission::kRoomList});
  const std::vector<Row> rows = {
      {User(), kNone, kNone, kNothing},
      {User(), kNone, kJoin, kJoin},
      {User(), kVoice, kNone, kVoice},
      {User(), kVoice, kJoin, kVoice},      // not both together
      {User(), kNothing, kJoin, kNothing},  // an entry that gives nothing takes the defaults away
      {User(), kAdmin, kNone, kAllRoomRights},  // admin means all
      {User(), kAdminAndVoice, kJoin, kAllRoomRights},
      {User(), kNone, kAdmin, kAllRoomRights},  // by default as well
      {User(), kVoice, kAdmin, kVoice},
      {lister, kNone, kNone, kNothing},
      {lister, kNone, kJoin, kJoin},
      {administrator, kNone, kNone, kAllRoomRights},
      {administrator, kNothing, kNothing, kAllRoomRights},
      {Guest(), kNone, kNone, kNothing},
      {Guest(), kNone, kJoin, kNothing},
      {Guest(), kNone, kAdmin, kNothing},
      {Guest(), kJoin, kAdmin, kJoin},
      {Guest(), kAdmin, kNone, kAllRoomRights},
      {Guest({Permission::kRoomAdmin}), kNone, kAdmin, kNothing},
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    RoomAccess access;
    access.entry = rows[i].entry;
    access.default_rights = rows[i].by_default;
    access.other_entry = kAdmin;  // somebody else's, which must not matter
    EXPECT_EQ(EffectiveRights(rows[i].viewer, access), rows[i].effective) << "row " << i;
  }
}

TEST(RoomRightsTable, OfAnotherUserTheEntryElseTheDefaultRightsElseNothing) {
  struct Row {
    std::optional<RoomRights> entry, by_default;
    RoomRights effective;
  };
  const std::vector<Row> rows = {
      {kNone, kNone, kNothing},        {kNone, kJoin, kJoin},
      {kVoice, kNone, kVoice},         {kVoice, kJoin, kVoice},
      {kNothing, kJoin, kNothing},     {kAdmin, kNone, kAllRoomRights},
      {kNone, kAdmin, kAllRoomRights}, {kVoice, kAdmin, kVoice},
      {kNothing, kAdmin, kNothing},    {kAdminAndVoice, kJoin, kAllRoomRights},
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    RoomAccess access;
    access.entry = kAdmin;  // of whoever asks, which must not matter
    access.other_entry = rows[i].entry;
    access.default_rights = rows[i].by_default;
    EXPECT_EQ(EffectiveRightsOfOther(access), rows[i].effective) << "row " << i;
  }
}

TEST(RoomKnowledge, UsersMayKnowOfEveryRoomAndGuestsOfThoseWithAnEntry) {
  RoomAccess without;
  without.default_rights = kAllRoomRights;
  RoomAccess with;
  with.entry = kNothing;
  EXPECT_TRUE(MayKnow(User(), without));
  EXPECT_TRUE(MayKnow(User(), with));
  EXPECT_FALSE(MayKnow(Guest(), without));
  EXPECT_FALSE(MayKnow(Guest({Permission::kRoomAdmin}), without));
  EXPECT_TRUE(MayKnow(Guest(), with));
}

TEST(RoomParent, MustBeThereBeKnownAndCloseNoCircle) {
  struct Row {
    Viewer viewer;
    Parent parent;  // exists, has_entry, is_within
    std::optional<::common::ReplyStatusCode> refused;
  };
  const std::vector<Row> rows = {
      {User(), {true, false, false}, kNone},
      {User(), {true, true, false}, kNone},
      {Guest(), {true, true, false}, kNone},
      {User(), {false, false, false}, ::common::ROOM_NOT_FOUND},
      {User({Permission::kRoomAdmin}), {false, false, false}, ::common::ROOM_NOT_FOUND},
      {Guest(), {true, false, false}, ::common::ROOM_NOT_FOUND},
      {Guest(), {false, false, false}, ::common::ROOM_NOT_FOUND},
      {User(), {true, false, true}, ::common::ROOM_INVALID},
      {Guest(), {true, true, true}, ::common::ROOM_INVALID},
      {Guest(), {true, false, true}, ::common::ROOM_NOT_FOUND},  // told nothing of its place
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    const absl::Status checked = CheckParent(rows[i].viewer, rows[i].parent);
    EXPECT_EQ(ReplyCodeOf(checked), rows[i].refused) << "row " << i << ": " << checked;
    EXPECT_EQ(checked.ok(), !rows[i].refused.has_value()) << "row " << i;
  }
}

TEST(LastAdministrator, IsTakenAwayWhereNeitherAnEntryNorTheDefaultRightsHaveAdminAfterwards) {
  struct Row {
    bool other;                            // an entry with admin that the change does not name
    std::optional<RoomRights> by_default;  // before
    std::optional<RoomRights> entry;       // of a member whom the change names; nothing: deleted
    std::optional<RoomRights> new_default;
    bool remove_default;
    bool leaves_none;
  };
  const std::vector<Row> rows = {
      {false, kNone, kNone, kNone, false, true},
      {false, kNone, kJoin, kNone, false, true},
      {false, kNone, kAdmin, kNone, false, false},
      {true, kNone, kNone, kNone, false, false},
      {true, kNone, kNone, kNone, true, false},
      {false, kAdmin, kNone, kNone, false, false},  // the default rights keep it
      {false, kAdmin, kNone, kNone, true, true},    // and were the last to have it
      {false, kAdmin, kNone, kJoin, false, true},
      {false, kAdmin, kNone, kAdmin, true, true},  // removing wins
      {false, kAdmin, kAdmin, kNone, true, false},
      {false, kJoin, kNone, kAdmin, false, false},
      {false, kJoin, kNone, kVoice, false, true},
      {false, kJoin, kNone, kNone, false, true},
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    LockedRoom room;
    room.other_administrator = rows[i].other;
    room.settings.default_rights = rows[i].by_default;
    RoomChange change;
    change.entries = {{kMember, rows[i].entry}};
    change.default_rights = rows[i].new_default;
    change.remove_default_rights = rows[i].remove_default;
    EXPECT_EQ(LeavesNoAdministrator(room, change), rows[i].leaves_none) << "row " << i;
  }
}

TEST(RoomSummary, NamesWhatAChangeIsAboutAndNoValues) {
  RoomChange change;
  EXPECT_EQ(Summary(change), "");
  change.parent = kParent;
  change.display_name = "secret name";
  change.active_participants = 0;
  change.allow_spectators = true;
  change.metadata = {{"a", "1"}, {"b", ""}};
  change.default_rights = kJoin;
  change.entries = {{kMember, kNone}};
  change.sub_rooms = {{SubRoomId("a"), kNone}};
  EXPECT_EQ(Summary(change),
            "parentId, displayName, quotas, allowSpectators, metadata (2), defaultPermissions, "
            "permissions (1), subRooms (1)");
  RoomChange removal;
  removal.remove_default_rights = true;
  EXPECT_EQ(Summary(removal), "defaultPermissions");
}

}  // namespace room_test
}  // namespace usher::room
