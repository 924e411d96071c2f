// What the room service answers, as messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"
#include "services/room/room_errors.h"
#include "services/room/room_wire.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_reply_wire_test {

constexpr char kRoom[] = "01900000-0000-7000-8000-0000000000ab";
constexpr char kUser[] = "01900000-0000-7000-9000-0000000000cd";

TEST(RoomReplyWire, BulkRepliesArePartialWhenAnyFailed) {
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
TEST(RoomReplyWire, TheAnswerToUpdateRoomsFitsIntoOneMessageWhateverTheClientWrote) {
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

TEST(RoomReplyWire, StatusTellsWhatTheEngineReported) {
  Occupant guest;
  guest.person.user = UserId(kUser);
  guest.person.guest = true;
  guest.display_name = "Zo\u00eb";
  guest.sub_room = SubRoomId("corner");
  guest.spectator = true;
  guest.state = OccupantState::kOnBreak;
  ::roomService::RoomStatusReply reply;
  EXPECT_OK(ToWire({{RoomId(kRoom), {guest}}}, false, &reply));
  const ::roomService::RoomInfo& room = reply.rooms().at(kRoom);
  const ::roomService::UserInfo& told = room.users().at(kUser);
  EXPECT_TRUE(told.online());
  EXPECT_EQ(told.displayname(), "Zo\u00eb");
  EXPECT_TRUE(told.isguest());
  EXPECT_TRUE(told.isspectator());
  EXPECT_EQ(told.state(), ::common::ON_BREAK);
  EXPECT_TRUE(room.subrooms().empty());
}

TEST(RoomReplyWire, StatusIsGroupedBySubRoomWhereThatIsAskedFor) {
  Occupant in_corner;
  in_corner.person.user = UserId(kUser);
  in_corner.sub_room = SubRoomId("corner");
  Occupant gone;
  gone.person.user = UserId(kRoom);
  gone.state = OccupantState::kQuit;
  ::roomService::RoomStatusReply reply;
  EXPECT_OK(ToWire({{RoomId(kRoom), {in_corner, gone}}}, true, &reply));
  const ::roomService::RoomInfo& room = reply.rooms().at(kRoom);
  EXPECT_EQ(room.users_size(), 2);
  EXPECT_EQ(room.subrooms_size(), 2);
  EXPECT_TRUE(room.subrooms().at("corner").users().at(kUser).online());
  EXPECT_FALSE(room.subrooms().at("").users().at(kRoom).online());
}

// Where nothing else is in it, a list or the answer to Create holds any room that may be made.
TEST(RoomReplyWire, TheLargestRoomFitsIntoOneMessage) {
  EXPECT_LT(LargestRoom(RoomLimits()), rpc::kLargestContent);
  std::string name;
  for (int i = 0; i < 255; ++i) name += "\U0001F600";
  SeenRoom created;
  created.mine = kAllRoomRights;
  created.id = RoomId(kRoom);
  created.room.parent = RoomId(kUser);
  created.room.display_name = name;
  created.room.active_participants = UINT32_MAX;
  created.room.passive_participants = UINT32_MAX;
  created.room.sort = INT64_MIN;
  created.room.allow_spectators = true;
  created.room.default_rights = RoomRights::FromMask(UINT32_MAX);
  for (int i = 0; i < 100; ++i) {
    created.room.metadata[absl::StrCat("key", i)] = std::string(64 * 1024 / 100 - 6, 'x');
    created.room.entries[UserId(NewUuid())] = RoomRights::FromMask(UINT32_MAX);
    created.room.sub_rooms[SubRoomId(absl::StrCat(std::string(125, 'x'), i + 100))] = {name,
                                                                                       UINT32_MAX};
  }
  ::roomService::RoomCreateReply reply;
  ToWire(created, &reply);
  const size_t largest = LargestRoom({.entries = 100, .sub_rooms = 100});
  EXPECT_LE(reply.ByteSizeLong(), largest);
  EXPECT_GT(reply.ByteSizeLong() + 4096, largest);
}

TEST(RoomReplyWire, WhatIsRepeatedOfAWrongIdEndsWithAWholeCharacter) {
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

}  // namespace room_reply_wire_test
}  // namespace usher::room
