#include "services/room/room_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/permission/role.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_wire_test {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr char kRoom[] = "01900000-0000-7000-8000-0000000000ab";
constexpr char kUser[] = "01900000-0000-7000-9000-0000000000cd";

::roomService::RoomUpdateRequest AnUpdate() {
  ::roomService::RoomUpdateRequest request;
  request.set_roomid(kRoom);
  request.mutable_room();
  return request;
}

TEST(RoomWire, AnUpdateIsReadFieldByField) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  ::common::Room& room = *request.mutable_room();
  room.set_parentid(absl::AsciiStrToUpper(kUser));
  room.set_displayname("  name ");
  room.mutable_quotas();
  (*room.mutable_metadata())["key"] = "";
  (*room.mutable_permissions())[kUser].set_join(true);
  (*room.mutable_permissions())[kRoom].set_remove(true);
  (*room.mutable_subrooms())["a"].set_displayname("A");
  (*room.mutable_subrooms())["b"].set_remove(true);
  const auto update = FromWire(request);
  ASSERT_OK(update);
  EXPECT_EQ(update->id, RoomId(kRoom));
  EXPECT_EQ(update->change.parent, RoomId(kUser));
  EXPECT_EQ(update->change.display_name, "name");
  EXPECT_EQ(update->change.active_participants, 0u);
  EXPECT_EQ(update->change.passive_participants, 0u);
  EXPECT_EQ(update->change.mode, std::nullopt);
  EXPECT_EQ(update->change.type, std::nullopt);
  EXPECT_EQ(update->change.sort, std::nullopt);
  EXPECT_THAT(update->change.metadata, ElementsAre(Pair("key", "")));
  EXPECT_EQ(update->change.entries.at(UserId(kUser)), RoomRights{RoomRight::kJoin});
  EXPECT_EQ(update->change.entries.at(UserId(kRoom)), std::nullopt);
  EXPECT_EQ(update->change.sub_rooms.at(SubRoomId("a")), (SubRoom{"A", 0}));
  EXPECT_EQ(update->change.sub_rooms.at(SubRoomId("b")), std::nullopt);
  EXPECT_EQ(update->change.default_rights, std::nullopt);
  EXPECT_FALSE(update->change.remove_default_rights);
}

TEST(RoomWire, FieldsOfTheNextGenerationAreReadAndWhatIsAnsweredAloneIsNot) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  ::common::Room& room = *request.mutable_room();
  room.set_mode(::common::ROOM_MODE_SPECTATOR);
  room.set_type(::common::ROOM_TYPE_DEPARTMENT);
  room.set_sort(-5);
  room.mutable_quotas()->set_passiveparticipants(9);
  room.mutable_mypermissions()->set_admin(true);
  (*room.mutable_subrooms())["a"].set_displayname("A");
  (*room.mutable_subrooms())["a"].set_id("another");
  (*room.mutable_permissions())[kUser].set_role(::common::ROLE_SPECTATOR);
  (*room.mutable_permissions())[kUser].set_voice(true);
  room.mutable_defaultpermissions()->set_role(::common::ROLE_GUEST);
  const auto update = FromWire(request);
  ASSERT_OK(update);
  EXPECT_EQ(update->change.mode, RoomMode::kSpectator);
  EXPECT_EQ(update->change.type, RoomType::kDepartment);
  EXPECT_EQ(update->change.sort, -5);
  EXPECT_EQ(update->change.passive_participants, 9u);
  EXPECT_THAT(update->change.sub_rooms, ElementsAre(Pair(SubRoomId("a"), SubRoom{"A", 0})));
  EXPECT_EQ(update->change.entries.at(UserId(kUser)),
            RightsOf(Role::kSpectator).Or({RoomRight::kVoice}));
  EXPECT_EQ(update->change.default_rights, RightsOf(Role::kGuest));
}

TEST(RoomWire, AnUpdateOfNothingIsEmpty) {
  EXPECT_THAT(FromWire(::roomService::RoomUpdateRequest()), HasReplyCode(::common::REQUEST_EMPTY));
  ::roomService::RoomUpdateRequest request = AnUpdate();
  request.clear_room();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.set_removedefaultpermissions(true);
  const auto update = FromWire(request);
  ASSERT_OK(update);
  EXPECT_TRUE(update->change.remove_default_rights);
}

TEST(RoomWire, DefaultPermissionsWithRemoveAreRemoved) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  request.mutable_room()->mutable_defaultpermissions()->set_remove(true);
  const auto update = FromWire(request);
  ASSERT_OK(update);
  EXPECT_TRUE(update->change.remove_default_rights);
}

TEST(RoomWire, MalformedIdsAreNamed) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  request.set_roomid("abc");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request = AnUpdate();
  request.mutable_room()->set_parentid("abc");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request = AnUpdate();
  (*request.mutable_room()->mutable_permissions())["abc"].set_remove(true);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
  for (const std::string& id : {std::string(), std::string("a\nb"), std::string(129, 'x'),
                                std::string("a\u200bb"), std::string("\u2800")}) {
    request = AnUpdate();
    (*request.mutable_room()->mutable_subrooms())[id].set_displayname("A");
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::SUBROOM_INVALID)) << id;
  }
}

TEST(RoomWire, ASubRoomThatAnOlderReleaseLetInCanBeRemoved) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  (*request.mutable_room()->mutable_subrooms())["a\u200bb"].set_remove(true);
  const auto update = FromWire(request);
  ASSERT_OK(update);
  EXPECT_EQ(update->change.sub_rooms.at(SubRoomId("a\u200bb")), std::nullopt);
}

// docs/contract.md, "Which code when".
TEST(RoomWire, WhatIsWrongWithAFieldIsToldByItsCode) {
  struct Case {
    const char* wrong;
    std::function<void(::common::Room&)> with;
    ReplyCode code;
  };
  const std::vector<Case> cases = {
      {"a parent that is no ID", [](auto& room) { room.set_parentid("x"); },
       ::common::ROOM_ID_INVALID},
      {"a user that is none", [](auto& room) { (*room.mutable_permissions())["x"]; },
       ::common::USER_ID_INVALID},
      {"a sub-room nobody can tell", [](auto& room) { (*room.mutable_subrooms())["\u3164"]; },
       ::common::SUBROOM_INVALID},
      {"a sub-room without a name", [](auto& room) { (*room.mutable_subrooms())["a"]; },
       ::common::REQUEST_EMPTY},
      {"a name nobody sees", [](auto& room) { room.set_displayname("\u200b\u3000\u2800"); },
       ::common::PROTOCOL_ERROR},
      {"a control character", [](auto& room) { room.set_displayname("a\u009bb"); },
       ::common::PROTOCOL_ERROR},
      {"too long a name", [](auto& room) { room.set_displayname(std::string(256, 'x')); },
       ::common::MAX_SIZE_EXCEEDED},
      {"too large metadata",
       [](auto& room) { (*room.mutable_metadata())[std::string(129, 'k')] = "v"; },
       ::common::MAX_SIZE_EXCEEDED},
      {"a mode that is none", [](auto& room) { room.set_mode(static_cast<::common::RoomMode>(4)); },
       ::common::PROTOCOL_ERROR},
      {"a type that is none", [](auto& room) { room.set_type(static_cast<::common::RoomType>(9)); },
       ::common::PROTOCOL_ERROR},
      {"a role that is none",
       [](auto& room) {
         (*room.mutable_permissions())[kUser].set_role(static_cast<::common::Role>(2));
       },
       ::common::PROTOCOL_ERROR},
      {"a role that is none for everybody",
       [](auto& room) {
         room.mutable_defaultpermissions()->set_role(static_cast<::common::Role>(2));
       },
       ::common::PROTOCOL_ERROR},
      {"a NUL", [](auto& room) { (*room.mutable_metadata())["k"] = std::string(1, '\0'); },
       ::common::PROTOCOL_ERROR},
  };
  for (const Case& one : cases) {
    ::roomService::RoomUpdateRequest update = AnUpdate();
    one.with(*update.mutable_room());
    EXPECT_THAT(FromWire(update), HasReplyCode(one.code)) << one.wrong;
    ::roomService::RoomCreateRequest create;
    one.with(*create.mutable_room());
    EXPECT_THAT(FromWire(create), HasReplyCode(one.code)) << one.wrong;
  }
}

TEST(RoomWire, TwoSpellingsOfOneUserAreRefused) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  (*request.mutable_room()->mutable_permissions())[kUser].set_join(true);
  (*request.mutable_room()->mutable_permissions())[absl::AsciiStrToUpper(kUser)].set_voice(true);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(RoomWire, NamesAndMetadataKeepTheirLimits) {
  ::roomService::RoomUpdateRequest request = AnUpdate();
  request.mutable_room()->set_displayname(std::string(256, 'x'));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  request = AnUpdate();
  (*request.mutable_room()->mutable_metadata())["k"] = std::string(4097, 'x');
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  request = AnUpdate();
  (*request.mutable_room()->mutable_subrooms())["a"].set_sort(1);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(RoomWire, SeveralUpdatesAreReadEachForItself) {
  ::roomService::RoomsUpdateRequest request;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  *request.add_roomstoupdate() = AnUpdate();
  request.mutable_roomstoupdate(0)->set_roomid(absl::AsciiStrToUpper(kRoom));
  request.add_roomstoupdate()->set_roomid("ABC");
  const auto updates = FromWire(request);
  ASSERT_OK(updates);
  ASSERT_EQ(updates->size(), 2u);
  EXPECT_EQ((*updates)[0].name, kRoom);
  EXPECT_OK((*updates)[0].update);
  EXPECT_EQ((*updates)[1].name, "ABC");
  EXPECT_THAT((*updates)[1].update, HasReplyCode(::common::ROOM_ID_INVALID));
  while (request.roomstoupdate_size() <= 1000) request.add_roomstoupdate();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(RoomWire, ListsHaveTheirLimits) {
  ::roomService::RoomListRequest request;
  EXPECT_EQ(FromWire(request)->limit, 100u);
  request.set_limit(1000);
  EXPECT_EQ(FromWire(request)->limit, 1000u);
  request.set_limit(1001);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::RANGE_ERROR));
  request.clear_limit();
  for (int i = 0; i < 120; ++i) request.add_filterroomids(kRoom);
  EXPECT_EQ(FromWire(request)->limit, 100u);
  request.clear_filterroomids();
  request.set_limit(1);
  request.add_filterroomids("abc");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request.clear_filterroomids();
  for (int i = 0; i < 1001; ++i) request.add_filterroomids(kRoom);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(RoomWire, WhatAListLeavesOutIsReadFlagByFlag) {
  using ::roomService::RoomListRequest;
  const auto wish = [](std::vector<int> flags) {
    RoomListRequest request;
    for (const int flag : flags) {
      request.add_skipflags(static_cast<::roomService::SkipFlags>(flag));
    }
    return FromWire(request);
  };
  const auto none = wish({});
  EXPECT_FALSE(none->skip_others || none->skip_metadata || none->skip_sub_rooms ||
               none->skip_unjoinable);
  EXPECT_TRUE(wish({::roomService::SKIP_OTHER_PERMISSIONS})->skip_others);
  EXPECT_TRUE(wish({::roomService::SKIP_METADATA})->skip_metadata);
  EXPECT_TRUE(wish({::roomService::SKIP_SUBROOMS})->skip_sub_rooms);
  EXPECT_TRUE(wish({::roomService::SKIP_UNJOINABLE})->skip_unjoinable);
  const auto all = wish({3, 2, 1, 0, 0});
  EXPECT_TRUE(all->skip_others && all->skip_metadata && all->skip_sub_rooms &&
              all->skip_unjoinable);
  EXPECT_THAT(wish({0, 4}), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(RoomWire, MovesAreReadInTheirOrder) {
  ::roomService::RoomSortRequest request;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  auto& first = *request.add_roommoves();
  first.set_roomid(absl::AsciiStrToUpper(kRoom));
  auto& second = *request.add_roommoves();
  second.set_roomid(kUser);
  second.set_parentid(kRoom);
  second.set_moveafterroomid(kUser);
  const auto moves = FromWire(request);
  ASSERT_OK(moves);
  ASSERT_EQ(moves->size(), 2u);
  EXPECT_EQ(moves->at(0).room, RoomId(kRoom));
  EXPECT_TRUE(moves->at(0).parent.empty() && moves->at(0).after.empty());
  EXPECT_EQ(moves->at(1).parent, RoomId(kRoom));
  EXPECT_EQ(moves->at(1).after, RoomId(kUser));
  for (auto* field :
       {first.mutable_roomid(), first.mutable_parentid(), first.mutable_moveafterroomid()}) {
    const std::string right = *field;
    *field = "abc";
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
    *field = right;
  }
  while (request.roommoves_size() <= 1000) *request.add_roommoves() = first;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

}  // namespace room_wire_test
}  // namespace usher::room
