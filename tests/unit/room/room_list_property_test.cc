// What holds for the bytes of all rooms: the generated message writes the same ones.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/permission/permission_wire.h"
#include "services/room/room_list_wire.h"
#include "tests/support/random_rooms.h"
#include "tests/support/room_views.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace room_list_property_test {

using ::roomService::RoomListReply;

// By the generated code alone.
::common::Room MessageOf(const Room& room) {
  ::common::Room wire;
  wire.set_parentid(room.parent.value());
  wire.set_displayname(room.display_name);
  if (room.active_participants > 0 || room.passive_participants > 0) {
    wire.mutable_quotas()->set_activeparticipants(room.active_participants);
    wire.mutable_quotas()->set_passiveparticipants(room.passive_participants);
  }
  wire.set_allowspectators(room.allow_spectators);
  wire.set_mode(static_cast<::common::RoomMode>(room.mode));
  wire.set_type(static_cast<::common::RoomType>(room.type));
  wire.set_sort(room.sort);
  for (const auto& [key, value] : room.metadata) (*wire.mutable_metadata())[key] = value;
  for (const auto& [user, rights] : room.entries) {
    RoomRightsToWire(rights, &(*wire.mutable_permissions())[user.value()]);
  }
  if (room.default_rights)
    RoomRightsToWire(*room.default_rights, wire.mutable_defaultpermissions());
  for (const auto& [id, sub_room] : room.sub_rooms) {
    ::common::SubRoom& message = (*wire.mutable_subrooms())[id.value()];
    message.set_displayname(sub_room.display_name);
    message.set_sort(sub_room.sort);
    message.set_id(id.value());
  }
  return wire;
}

// Map entries in the order of their keys, which is the order of a Room's maps.
std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

constexpr int kRounds = 300;

TEST(RoomListProperty, TheBytesOfARandomListAreThoseOfTheGeneratedMessage) {
  for (int seed = 0; seed < kRounds; ++seed) {
    SCOPED_TRACE(seed);
    RandomRooms random(seed);
    std::map<RoomId, Room> rooms;
    RoomListReply expected;
    for (uint32_t i = random.Upto(5); i > 0; --i) {
      const RoomId id(absl::StrFormat("01900000-0000-7000-8000-%012x", i));
      rooms[id] = random.Next();
      (*expected.mutable_rooms())[id.value()] = MessageOf(rooms[id]);
    }
    RoomListReply reply;
    ASSERT_OK(ToWire(Listed(rooms), false, &reply));
    ASSERT_EQ(reply.SerializeAsString(), DeterministicBytes(expected));
    RoomListReply read;
    ASSERT_TRUE(read.ParseFromString(reply.SerializeAsString()));
    ASSERT_THAT(read, EqualsProto(expected));
  }
}

TEST(RoomListProperty, ARandomRoomIsReadBackAsItIs) {
  RandomRooms random(1);
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(round);
    const Room room = random.Next();
    ::common::Room wire;
    ToWire(ViewOf(RoomId("01900000-0000-7000-8000-000000000001"), room), &wire);
    ASSERT_THAT(wire, EqualsProto(MessageOf(room)));
  }
}

}  // namespace room_list_property_test
}  // namespace usher::room
