#include "services/room/room_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"
#include "services/room/room_errors.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace {

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
  EXPECT_THAT(update->change.metadata, ElementsAre(Pair("key", "")));
  EXPECT_EQ(update->change.entries.at(UserId(kUser)), RoomRights{RoomRight::kJoin});
  EXPECT_EQ(update->change.entries.at(UserId(kRoom)), std::nullopt);
  EXPECT_EQ(update->change.sub_rooms.at(SubRoomId("a")), (SubRoom{"A", 0}));
  EXPECT_EQ(update->change.sub_rooms.at(SubRoomId("b")), std::nullopt);
  EXPECT_EQ(update->change.default_rights, std::nullopt);
  EXPECT_FALSE(update->change.remove_default_rights);
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
  for (const std::string& id : {std::string(), std::string("a\nb"), std::string(129, 'x')}) {
    request = AnUpdate();
    (*request.mutable_room()->mutable_subrooms())[id].set_displayname("A");
    EXPECT_THAT(FromWire(request), HasReplyCode(::common::SUBROOM_INVALID)) << id;
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
  request.set_limit(1);
  request.add_filterroomids("abc");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request.clear_filterroomids();
  for (int i = 0; i < 1001; ++i) request.add_filterroomids(kRoom);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(RoomWire, BulkRepliesArePartialWhenAnyFailed) {
  ::roomService::RoomsUpdateReply reply;
  EXPECT_OK(ToWire(std::map<std::string, absl::Status>{{kRoom, absl::OkStatus()}}, "r", &reply));
  EXPECT_THAT(ToWire(std::map<std::string, absl::Status>{{kRoom, absl::OkStatus()},
                                                         {"abc", RoomNotFound()}},
                     "request", &reply),
              HasReplyCode(::common::PARTIAL_ERROR));
  EXPECT_EQ(reply.updatereplies().at(kRoom).statuscode(), ::common::OK);
  EXPECT_EQ(reply.updatereplies().at("abc").statuscode(), ::common::ROOM_NOT_FOUND);
  EXPECT_EQ(reply.updatereplies().at("abc").requestid(), "request");
}

// One right update among 999 with a wrong ID of 4 KiB was made, and its answer, of 4,203,901
// bytes, was not taken by the client.
TEST(RoomWire, TheAnswerToUpdateRoomsFitsIntoOneMessageWhateverTheClientWrote) {
  ::roomService::RoomsUpdateRequest request;
  std::map<std::string, absl::Status> outcomes;
  for (int i = 0; i < 1000; ++i) {
    request.add_roomstoupdate()->set_roomid(absl::StrCat(i, std::string(4096, 'x')));
  }
  const auto updates = FromWire(request);
  ASSERT_OK(updates);
  for (const NamedUpdate& update : *updates) {
    outcomes[update.name] = ReplyError(::common::ROOM_INVALID, std::string(4096, 'y'));
  }
  ASSERT_EQ(outcomes.size(), 1000u);
  ::roomService::RoomsUpdateReply reply;
  EXPECT_THAT(ToWire(outcomes, std::string(128, 'r'), &reply),
              HasReplyCode(::common::PARTIAL_ERROR));
  EXPECT_EQ(reply.updatereplies_size(), 1000);
  EXPECT_LT(reply.ByteSizeLong(), rpc::kLargestContent / 4);
}

TEST(RoomWire, WhatIsRepeatedOfAWrongIdEndsWithAWholeCharacter) {
  for (int shift = 0; shift < 4; ++shift) {
    std::string id(shift, 'x');
    for (int i = 0; i < 100; ++i) id += "\U0001F600";
    ::roomService::RoomsUpdateRequest request;
    request.add_roomstoupdate()->set_roomid(id);
    const std::string name = (*FromWire(request))[0].name;
    EXPECT_THAT(name.size(), ::testing::AllOf(::testing::Le(128u), ::testing::Gt(124u)));
    EXPECT_EQ((name.size() - shift) % 4, 0u);
    EXPECT_EQ(id.substr(0, name.size()), name);
  }
}

}  // namespace
}  // namespace usher::room
