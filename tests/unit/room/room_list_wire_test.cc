#include "services/room/room_list_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/room_wire.h"
#include "tests/support/room_views.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_list_wire_test {

using ::roomService::RoomListReply;

constexpr size_t kFourMebibytes = 4194304;

const RoomId kFirst("01900000-0000-7000-8000-000000000001");
const RoomId kSecond("01900000-0000-7000-8000-000000000002");
const RoomId kThird("01900000-0000-7000-8000-000000000003");
const UserId kAnn("01900000-0000-7000-9000-000000000001");
const UserId kBen("01900000-0000-7000-9000-000000000002");
const UserId kCid("01900000-0000-7000-9000-000000000003");
const UserId kDan("01900000-0000-7000-9000-000000000004");

// What a client reads.
RoomListReply Sent(const RoomListReply& reply) {
  RoomListReply read;
  EXPECT_TRUE(read.ParseFromString(reply.SerializeAsString()));
  EXPECT_TRUE(read.GetReflection()->GetUnknownFields(read).empty());
  return read;
}

RoomListReply ListOf(const std::map<RoomId, Room>& rooms, bool ids_only = false) {
  RoomListReply reply;
  EXPECT_OK(ToWire(Listed(rooms), ids_only, &reply));
  return Sent(reply);
}

SeenRoom Seen(const Room& room) { return {kFirst, room, RoomRights{RoomRight::kVoice}}; }

// As somebody sees it.
::common::Room MessageOf(const SeenRoom& seen) {
  ::common::Room wire;
  ToWire(ViewOf(seen), &wire);
  return wire;
}

Room ARoomWithEverything() {
  Room room;
  room.parent = kSecond;
  room.display_name = "Größe \"x\" \\ 😀";
  room.active_participants = 4294967295u;
  room.passive_participants = 7;
  room.allow_spectators = true;
  room.mode = RoomMode::kExam;
  room.type = RoomType::kDepartment;
  room.sort = -4294967296;
  room.metadata = {{"quote\"", "back\\slash"},
                   {"lines", std::string("one\ntwo\t\x01\x1f\x7f\0", 12)},
                   {"Zoë", "€ 😀"},
                   {"empty", ""},
                   {"", "no key"},
                   {"long", std::string(300, 'x')}};
  room.default_rights = RoomRights{RoomRight::kJoin, RoomRight::kAction};
  room.entries = {{kAnn, kAllRoomRights},
                  {kBen, RoomRights{RoomRight::kJoin}},
                  {kCid, RoomRights{}},
                  {kDan, RoomRights{RoomRight::kJoin}}};
  room.sub_rooms = {{SubRoomId("a {1}, \"b\""), {"First | ünö", 4294967295u}},
                    {SubRoomId("b"), {"Second", 0}}};
  return room;
}

// The same by hand.
::common::Room AMessageWithEverything() {
  ::common::Room wire;
  wire.set_parentid(kSecond.value());
  wire.set_displayname("Größe \"x\" \\ 😀");
  wire.mutable_quotas()->set_activeparticipants(4294967295u);
  wire.mutable_quotas()->set_passiveparticipants(7);
  wire.set_allowspectators(true);
  wire.set_mode(::common::ROOM_MODE_EXAM);
  wire.set_type(::common::ROOM_TYPE_DEPARTMENT);
  wire.set_sort(-4294967296);
  auto& metadata = *wire.mutable_metadata();
  metadata["quote\""] = "back\\slash";
  metadata["lines"] = std::string("one\ntwo\t\x01\x1f\x7f\0", 12);
  metadata["Zoë"] = "€ 😀";
  metadata["empty"] = "";
  metadata[""] = "no key";
  metadata["long"] = std::string(300, 'x');
  wire.mutable_defaultpermissions()->set_join(true);
  wire.mutable_defaultpermissions()->set_action(true);
  ::common::Permissions& all = (*wire.mutable_permissions())[kAnn.value()];
  for (int i = 0; i < all.GetDescriptor()->field_count(); ++i) {
    const auto* field = all.GetDescriptor()->field(i);
    if (field->name() != "remove" && field->name() != "role") {
      all.GetReflection()->SetBool(&all, field, true);
    }
  }
  all.set_role(::common::ROLE_ADMIN);
  (*wire.mutable_permissions())[kBen.value()].set_join(true);
  (*wire.mutable_permissions())[kCid.value()].set_role(::common::ROLE_NO_ACCESS);
  (*wire.mutable_permissions())[kDan.value()].set_join(true);
  ::common::SubRoom& first = (*wire.mutable_subrooms())["a {1}, \"b\""];
  first.set_displayname("First | ünö");
  first.set_sort(4294967295u);
  first.set_id("a {1}, \"b\"");
  ::common::SubRoom& second = (*wire.mutable_subrooms())["b"];
  second.set_displayname("Second");
  second.set_id("b");
  return wire;
}

// A room of which nothing was given but what it always has.
::common::Room AnEmptyMessage() {
  ::common::Room wire;
  wire.set_mode(::common::ROOM_MODE_NORMAL);
  wire.set_type(::common::ROOM_TYPE_ROOM);
  return wire;
}

TEST(RoomListWire, AListedRoomIsReadAsTheMessageThatDescribesIt) {
  RoomListReply expected;
  (*expected.mutable_rooms())[kFirst.value()] = AMessageWithEverything();
  EXPECT_THAT(ListOf({{kFirst, ARoomWithEverything()}}), EqualsProto(expected));
}

// The names of the fields that are set.
std::set<std::string> FieldsIn(const google::protobuf::Message& message) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::set<std::string> names;
  for (const auto* field : fields) names.insert(field->name());
  return names;
}

// Of all that there are, but for those of requests.
std::set<std::string> FieldsOf(const google::protobuf::Message& message) {
  std::set<std::string> names;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    names.insert(message.GetDescriptor()->field(i)->name());
  }
  names.erase("remove");
  return names;
}

// Whoever adds a field is reminded here that it is written by hand.
TEST(RoomListWire, NoFieldOfARoomIsForgotten) {
  const ::common::Room room = MessageOf(Seen(ARoomWithEverything()));
  EXPECT_EQ(FieldsIn(room), FieldsOf(room));
  EXPECT_EQ(FieldsIn(room.quotas()), FieldsOf(room.quotas()));
  const ::common::SubRoom& sub_room = room.subrooms().at("a {1}, \"b\"");
  EXPECT_EQ(FieldsIn(sub_room), FieldsOf(sub_room));
}

TEST(RoomListWire, WhatSomebodyMayDoIsToldToThemAlone) {
  EXPECT_FALSE(ListOf({{kFirst, Room()}}).rooms().at(kFirst.value()).has_mypermissions());
  const ::common::Room room = MessageOf(Seen(Room()));
  EXPECT_TRUE(room.mypermissions().voice());
  EXPECT_FALSE(room.mypermissions().join());
  const ::common::Room none = MessageOf({kFirst, Room(), RoomRights()});
  EXPECT_TRUE(none.has_mypermissions());
  EXPECT_EQ(none.mypermissions().role(), ::common::ROLE_NO_ACCESS);
}

TEST(RoomListWire, ARoomWithNothingSetHasItsModeAndTypeAlone) {
  RoomListReply expected;
  (*expected.mutable_rooms())[kFirst.value()] = AnEmptyMessage();
  EXPECT_THAT(ListOf({{kFirst, Room()}}), EqualsProto(expected));
}

TEST(RoomListWire, DefaultRightsThatGiveNothingAreReadAsSet) {
  Room room;
  room.default_rights = RoomRights{};
  EXPECT_TRUE(ListOf({{kFirst, room}}).rooms().at(kFirst.value()).has_defaultpermissions());
}

// The writer is used for one room after the other.
TEST(RoomListWire, NothingOfARoomIsReadInTheNextOne) {
  Room other;
  other.display_name = "other";
  other.sub_rooms = {{SubRoomId("c"), {"", 7}}};
  RoomListReply expected;
  (*expected.mutable_rooms())[kFirst.value()] = AMessageWithEverything();
  ::common::Room& second = (*expected.mutable_rooms())[kSecond.value()] = AnEmptyMessage();
  second.set_displayname("other");
  (*second.mutable_subrooms())["c"].set_sort(7);
  (*second.mutable_subrooms())["c"].set_id("c");
  (*expected.mutable_rooms())[kThird.value()] = AnEmptyMessage();
  EXPECT_THAT(ListOf({{kFirst, ARoomWithEverything()}, {kSecond, other}, {kThird, Room()}}),
              EqualsProto(expected));
}

TEST(RoomListWire, ACreatedRoomIsAnsweredAsAListTellsIt) {
  ::roomService::RoomCreateReply reply;
  ToWire(Seen(ARoomWithEverything()), &reply);
  EXPECT_EQ(reply.roomid(), kFirst.value());
  ::common::Room expected = AMessageWithEverything();
  expected.mutable_mypermissions()->set_voice(true);
  EXPECT_THAT(reply.room(), EqualsProto(expected));
}

TEST(RoomListWire, IdsAloneAreReadAsEmptyRooms) {
  RoomListReply expected;
  (*expected.mutable_rooms())[kFirst.value()];
  (*expected.mutable_rooms())[kSecond.value()];
  EXPECT_THAT(ListOf({{kFirst, ARoomWithEverything()}, {kSecond, Room()}}, true),
              EqualsProto(expected));
}

TEST(RoomListWire, AnEmptyListIsAnEmptyReply) {
  EXPECT_THAT(ListOf({}), EqualsProto(RoomListReply()));
}

// In a window of 140 bytes below 4 MiB the ReplyInfo, which comes last, made the message
// larger than what a client takes.
TEST(RoomListWire, AListMayFillOneMessageWithItsReplyInfoAndNotOneByteMore) {
  std::map<RoomId, Room> rooms;
  for (const RoomId& id : {kFirst, kSecond, kThird}) {
    rooms[id].metadata["key"] = std::string(1200000, 'x');
  }
  const size_t left = rpc::kLargestContent - ListOf(rooms).ByteSizeLong();
  rooms[kThird].metadata["key"].append(left, 'x');
  RoomListReply full = ListOf(rooms);
  EXPECT_EQ(full.ByteSizeLong(), rpc::kLargestContent);
  full.mutable_replyinfo()->set_requestid(std::string(128, 'r'));
  full.mutable_replyinfo()->set_statuscode(::common::PARTIAL_ERROR);
  full.mutable_replyinfo()->set_statusmessage(std::string(800, 'm'));
  EXPECT_LE(full.ByteSizeLong(), kFourMebibytes);

  rooms[kThird].metadata["key"].push_back('x');
  RoomListReply reply;
  EXPECT_THAT(ToWire(Listed(rooms), false, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
  EXPECT_OK(ToWire(Listed(rooms), true, &reply));
  EXPECT_EQ(Sent(reply).rooms_size(), 3);
}

}  // namespace room_list_wire_test
}  // namespace usher::room
