#include "services/room/engine/engine_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace engine_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace wire = ::usher::engine::v1;

constexpr char kRoom[] = "01900000-0000-7000-8000-000000000001";
constexpr char kOtherRoom[] = "01900000-0000-7000-8000-000000000002";
constexpr char kUser[] = "01900000-0000-7000-9000-000000000001";
constexpr char kAccess[] = "01900000-0000-7000-9000-000000000002";

wire::ReportRequest AReport() {
  wire::ReportRequest request;
  request.set_engine_id("engine-1");
  wire::RoomReport& room = *request.add_rooms();
  room.set_room_id(kRoom);
  room.add_occupants()->mutable_person()->set_user_id(kUser);
  return request;
}
wire::Occupant& FirstOccupant(wire::ReportRequest& request) {
  return *request.mutable_rooms(0)->mutable_occupants(0);
}
std::string UserNumber(int number) {
  return absl::StrCat("01900000-0000-7000-9000-", absl::Dec(number, absl::kZeroPad12));
}

TEST(EngineWire, AReportSaysWhoIsWhere) {
  wire::ReportRequest request = AReport();
  wire::Occupant& raw = FirstOccupant(request);
  raw.mutable_person()->set_base_permissions_id(kAccess);
  raw.mutable_person()->set_guest(true);
  raw.set_display_name("  Zo\u00eb ");
  raw.set_sub_room_id("corner");
  raw.set_spectator(true);
  raw.set_state(::common::ON_BREAK);
  request.add_closed_room_ids(kOtherRoom);
  request.set_all_rooms(true);
  const auto report = FromWire(request);
  ASSERT_OK(report);
  EXPECT_EQ(report->engine, EngineId("engine-1"));
  EXPECT_TRUE(report->all_rooms);
  EXPECT_THAT(report->closed, ElementsAre(RoomId(kOtherRoom)));
  ASSERT_EQ(report->rooms.size(), 1u);
  Occupant occupant;
  occupant.person = {UserId(kUser), UserId(kAccess), true, false};
  occupant.display_name = "Zo\u00eb";
  occupant.sub_room = SubRoomId("corner");
  occupant.spectator = true;
  occupant.state = OccupantState::kOnBreak;
  EXPECT_THAT(report->rooms[0].occupants, ElementsAre(occupant));
}

TEST(EngineWire, WithoutABasePermissionsIdRightsAreUnderTheUser) {
  const auto report = FromWire(AReport());
  ASSERT_OK(report);
  EXPECT_EQ(report->rooms[0].occupants[0].person.subject, UserId(kUser));
}

TEST(EngineWire, AnEngineHasANameOfVisibleCharacters) {
  EXPECT_THAT(EngineIdFromWire(""), HasReplyCode(::common::REQUEST_EMPTY));
  for (const std::string& name : {std::string("a b"), std::string("a\n"), std::string("\u00e9"),
                                  std::string(129, 'x'), std::string(1, '\0')}) {
    EXPECT_THAT(EngineIdFromWire(name), HasReplyCode(::common::PROTOCOL_ERROR)) << name;
  }
  EXPECT_THAT(EngineIdFromWire(std::string(128, 'x')),
              IsOkAndHolds(EngineId(std::string(128, 'x'))));
}

TEST(EngineWire, NothingIsNamedTwice) {
  wire::ReportRequest twice = AReport();
  twice.add_rooms()->set_room_id(kRoom);
  EXPECT_THAT(FromWire(twice), HasReplyCode(::common::PROTOCOL_ERROR));
  wire::ReportRequest closed = AReport();
  closed.add_closed_room_ids(kRoom);
  EXPECT_THAT(FromWire(closed), HasReplyCode(::common::PROTOCOL_ERROR));
  wire::ReportRequest user = AReport();
  user.mutable_rooms(0)->add_occupants()->mutable_person()->set_user_id(kUser);
  EXPECT_THAT(FromWire(user), HasReplyCode(::common::PROTOCOL_ERROR));
  wire::FindRightsRequest asked;
  asked.add_rooms()->set_room_id(kRoom);
  asked.add_rooms()->set_room_id(kRoom);
  EXPECT_THAT(FromWire(asked), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(EngineWire, WhatIsWrongIsNamed) {
  wire::ReportRequest request = AReport();
  request.mutable_rooms(0)->set_room_id("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  request = AReport();
  FirstOccupant(request).mutable_person()->set_user_id("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
  request = AReport();
  FirstOccupant(request).clear_person();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request = AReport();
  FirstOccupant(request).set_display_name(
      "a\x1e"
      "b");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request = AReport();
  FirstOccupant(request).set_sub_room_id(
      "a\x1f"
      "b");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::SUBROOM_INVALID));
  request = AReport();
  FirstOccupant(request).set_state(static_cast< ::common::UserState>(10));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(EngineWire, ReportsAndQuestionsAreBounded) {
  wire::ReportRequest report = AReport();
  for (int i = 1; i <= kMostOccupantsOfRoom; ++i) {
    report.mutable_rooms(0)->add_occupants()->mutable_person()->set_user_id(UserNumber(i + 1));
  }
  EXPECT_THAT(FromWire(report), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  report.mutable_rooms(0)->mutable_occupants()->RemoveLast();
  EXPECT_OK(FromWire(report));
  wire::ReportRequest rooms;
  rooms.set_engine_id("e");
  for (int i = 0; i < 1001; ++i) rooms.add_rooms()->set_room_id(UserNumber(i));
  EXPECT_THAT(FromWire(rooms), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire::ReportRequest many;
  many.set_engine_id("e");
  for (int i = 0; i < 3; ++i) {
    wire::RoomReport& room = *many.add_rooms();
    room.set_room_id(UserNumber(i));
    for (int j = 0; j < 7000; ++j) {
      room.add_occupants()->mutable_person()->set_user_id(UserNumber(j));
    }
  }
  EXPECT_THAT(FromWire(many), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire::FindRightsRequest asked;
  asked.add_rooms()->set_room_id(kRoom);
  for (int i = 0; i <= kMostPeopleAskedAbout; ++i) {
    asked.mutable_rooms(0)->add_people()->set_user_id(UserNumber(i));
  }
  EXPECT_THAT(FromWire(asked), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(EngineWire, TheAnswerToTheLargestReportFitsIntoOneMessage) {
  ReportOutcome outcome;
  for (int i = 0; i < 1000; ++i) outcome.unknown.emplace_back(kRoom);
  for (int i = 0; i < kMostOccupantsOfReport; ++i) {
    outcome.expelled.push_back({RoomId(kRoom), UserId(kUser)});
  }
  wire::ReportReply reply;
  ToWire(outcome, &reply);
  EXPECT_LT(reply.ByteSizeLong(), rpc::kLargestContent / 2);
}

TEST(EngineWire, RightsAreAnsweredRoomByRoom) {
  const Person person{UserId(kUser), UserId(kUser), false, false};
  RightsQuestion question;
  question.people = {{RoomId(kRoom), person}, {RoomId(kOtherRoom), person}};
  RightsAnswer answer;
  answer.rooms = {{RoomId(kOtherRoom), 7, 9, true, {2, 3}}};
  answer.rights = {RoomRights{}, RoomRights{RoomRight::kJoin}};
  wire::FindRightsReply reply;
  EXPECT_OK(ToWire(question, answer, &reply));
  ASSERT_EQ(reply.rooms_size(), 1);
  EXPECT_EQ(reply.rooms(0).room_id(), kOtherRoom);
  EXPECT_EQ(reply.rooms(0).quotas().activeparticipants(), 7u);
  EXPECT_EQ(reply.rooms(0).quotas().passiveparticipants(), 9u);
  EXPECT_TRUE(reply.rooms(0).allow_spectators());
  EXPECT_EQ(reply.rooms(0).active_elsewhere(), 2u);
  EXPECT_EQ(reply.rooms(0).passive_elsewhere(), 3u);
  EXPECT_TRUE(reply.rooms(0).permissions().at(kUser).join());
}

TEST(EngineWire, EachKindOfCommandSaysWhatToDo) {
  const CommandId id("01900000-0000-7000-8000-0000000000cc");
  const RoomId room(kRoom);
  const UserId user(kUser);
  wire::Command command =
      ToWire(Command{id, {CommandKind::kPutOut, room, user, Reason::kJoinTakenAway}});
  EXPECT_EQ(command.command_id(), id.value());
  EXPECT_EQ(command.put_out().room_id(), kRoom);
  EXPECT_EQ(command.put_out().user_id(), kUser);
  EXPECT_EQ(command.put_out().reason(), wire::JOIN_TAKEN_AWAY);
  command = ToWire(Command{id, {CommandKind::kCloseRoom, room, UserId(), Reason::kRoomDestroyed}});
  EXPECT_EQ(command.close_room().reason(), wire::ROOM_DESTROYED);
  command = ToWire(Command{id, {CommandKind::kRoomChanged, room, UserId(), Reason::kNone}});
  EXPECT_EQ(command.room_changed().room_id(), kRoom);
  command = ToWire(Command{id, {CommandKind::kPermissionsChanged, room, user, Reason::kNone}});
  EXPECT_EQ(command.permissions_changed().user_id(), kUser);
}

TEST(EngineWire, AWelcomeTellsTheNumbers) {
  const wire::Command command = WelcomeOf({.presence_lifetime = absl::Seconds(90)});
  EXPECT_THAT(command.command_id(), IsEmpty());
  EXPECT_EQ(command.welcome().report_every_seconds(), 30u);
  EXPECT_EQ(command.welcome().forgotten_after_seconds(), 90u);
}

TEST(EngineWire, OnlyCommandsAreAcknowledged) {
  google::protobuf::RepeatedPtrField<std::string> ids;
  *ids.Add() = "01900000-0000-7000-8000-0000000000CC";
  EXPECT_THAT(CommandIdsFromWire(ids),
              IsOkAndHolds(ElementsAre(CommandId("01900000-0000-7000-8000-0000000000cc"))));
  *ids.Add() = "x";
  EXPECT_THAT(CommandIdsFromWire(ids), HasReplyCode(::common::PROTOCOL_ERROR));
}

}  // namespace engine_wire_test
}  // namespace usher::room
