// RoomService as its clients see it.
#include "tests/integration/room/room_over_the_wire.h"

#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace usher {
namespace room_over_the_wire_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(RoomOverTheWire, ACreatedRoomIsAnsweredAsListShowsIt) {
  const token::AccessToken creator = ACreator();
  const std::string token = house_.Sign(creator);
  const auto created = Create(token);
  ASSERT_THAT(created, Answers(::common::OK));
  EXPECT_TRUE(created.room().permissions().at(creator.user.value()).admin());
  // Beside rooms that other tests have opened to everybody.
  const auto listed = List(token);
  ASSERT_TRUE(listed.rooms().contains(created.roomid()));
  EXPECT_THAT(listed.rooms().at(created.roomid()), EqualsProto(created.room()));
  EXPECT_EQ(created.room().metadata().at("key"), "value");
}

TEST_F(RoomOverTheWire, TheSameIdempotencyKeyAnswersTheSameRoom) {
  const std::string token = house_.Sign(ACreator());
  const std::map<std::string, std::string> key = {{"idempotency-key", "key"}};
  const auto first = Create(token, ARoom(), key);
  const auto second = Create(token, ARoom(), key);
  EXPECT_THAT(first, Answers(::common::OK));
  EXPECT_EQ(first.roomid(), second.roomid());
  EXPECT_THAT(second.room(), EqualsProto(first.room()));
  ::common::Room other = ARoom();
  other.set_displayname("other");
  EXPECT_THAT(Create(token, other, key), Answers(::common::ACTION_INVALID));
}

TEST_F(RoomOverTheWire, BothServiceNamesAnswer) {
  const auto documented = ::roomService::RoomService::NewStub(house_.channel("room"));
  grpc::ClientContext context;
  ::roomService::RoomListReply reply;
  EXPECT_TRUE(
      documented
          ->List(&context, As<::roomService::RoomListRequest>(house_.Sign(ACreator())), &reply)
          .ok());
  EXPECT_THAT(reply, Answers(::common::OK));
}

TEST_F(RoomOverTheWire, UpdateRoomsAnswersForEachRoom) {
  const std::string token = house_.Sign(ACreator());
  const std::string own = Create(token).roomid();
  auto request = As<::roomService::RoomsUpdateRequest>(token);
  auto* first = request.add_roomstoupdate();
  first->set_roomid(own);
  first->mutable_room()->set_displayname("renamed");
  first->mutable_accessinfo()->set_accesstoken("not looked at");
  EXPECT_THAT(Ask(&RoomStub::UpdateRooms, request), Answers(::common::OK));
  request.add_roomstoupdate()->set_roomid("abc");
  const auto reply = Ask(&RoomStub::UpdateRooms, request);
  EXPECT_THAT(reply, Answers(::common::PARTIAL_ERROR));
  EXPECT_EQ(reply.updatereplies().at(own).statuscode(), ::common::OK);
  EXPECT_EQ(reply.updatereplies().at("abc").statuscode(), ::common::ROOM_ID_INVALID);
}

TEST_F(RoomOverTheWire, StatusOfASeenRoomHasNobodyOnline) {
  const std::string token = house_.Sign(ACreator());
  const std::string id = Create(token).roomid();
  auto request = As<::roomService::RoomStatusRequest>(token);
  request.add_roomids(id);
  request.add_roomids(NewUuid());
  const auto reply = Ask(&RoomStub::Status, request);
  ASSERT_EQ(reply.rooms_size(), 1);
  EXPECT_THAT(reply.rooms().at(id).users(), IsEmpty());
}

TEST_F(RoomOverTheWire, FieldsOfTheNextGenerationAreKeptAndAnswered) {
  const std::string token = house_.Sign(ACreator());
  ::common::Room room = ARoom();
  room.set_mode(::common::ROOM_MODE_EXAM);
  room.set_type(::common::ROOM_TYPE_DEPARTMENT);
  room.set_sort(-7);
  room.mutable_quotas()->set_passiveparticipants(20);
  (*room.mutable_subrooms())["a"].set_displayname("A");
  const std::string other = NewUuid();
  (*room.mutable_permissions())[other].set_role(::common::ROLE_MODERATOR);
  const auto created = Create(token, room);
  ASSERT_THAT(created, Answers(::common::OK));
  EXPECT_EQ(created.room().mode(), ::common::ROOM_MODE_EXAM);
  EXPECT_EQ(created.room().type(), ::common::ROOM_TYPE_DEPARTMENT);
  EXPECT_EQ(created.room().sort(), -7);
  EXPECT_EQ(created.room().quotas().passiveparticipants(), 20u);
  EXPECT_EQ(created.room().subrooms().at("a").id(), "a");
  EXPECT_EQ(created.room().permissions().at(other).role(), ::common::ROLE_MODERATOR);
  EXPECT_TRUE(created.room().permissions().at(other).subroommanage());
  EXPECT_EQ(created.room().mypermissions().role(), ::common::ROLE_ADMIN);

  auto update = As<::roomService::RoomUpdateRequest>(token);
  update.set_roomid(created.roomid());
  (*update.mutable_room()->mutable_permissions())[other].set_role(::common::ROLE_SPECTATOR);
  (*update.mutable_room()->mutable_permissions())[other].set_voice(true);
  const auto updated = Ask(&RoomStub::Update, update);
  ASSERT_THAT(updated, Answers(::common::OK));
  EXPECT_EQ(updated.room().permissions().at(other).role(), ::common::ROLE_CUSTOM);
  EXPECT_EQ(updated.room().mode(), ::common::ROOM_MODE_EXAM);
  EXPECT_THAT(List(token).rooms().at(created.roomid()), EqualsProto(updated.room()));
  const std::string plain = Create(token).roomid();
  EXPECT_EQ(List(token).rooms().at(plain).type(), ::common::ROOM_TYPE_ROOM);
}

TEST_F(RoomOverTheWire, WhatAListIsToLeaveOutIsLeftOut) {
  const std::string creator = house_.Sign(ACreator());
  ::common::Room room = ARoom();
  (*room.mutable_subrooms())["a"].set_displayname("A");
  (*room.mutable_permissions())[NewUuid()].set_join(true);
  const std::string id = Create(creator, room).roomid();
  const auto with = [&](::roomService::SkipFlags flag) {
    auto request = As<::roomService::RoomListRequest>(creator);
    request.add_skipflags(flag);
    return Ask(&RoomStub::List, request).rooms().at(id);
  };
  EXPECT_THAT(with(::roomService::SKIP_OTHER_PERMISSIONS).permissions(), SizeIs(1));
  EXPECT_THAT(with(::roomService::SKIP_METADATA).metadata(), IsEmpty());
  EXPECT_THAT(with(::roomService::SKIP_METADATA).permissions(), SizeIs(2));
  EXPECT_THAT(with(::roomService::SKIP_SUBROOMS).subrooms(), IsEmpty());
  auto request = As<::roomService::RoomListRequest>(house_.Sign(ACreator({Permission::kRoomList})));
  request.add_filterroomids(id);
  EXPECT_THAT(Ask(&RoomStub::List, request).rooms(), SizeIs(1));
  request.add_skipflags(::roomService::SKIP_UNJOINABLE);
  EXPECT_THAT(Ask(&RoomStub::List, request).rooms(), IsEmpty());
}

TEST_F(RoomOverTheWire, SortMovesRoomsAmongThoseOfTheirParent) {
  const std::string token = house_.Sign(ACreator());
  ::common::Room room = ARoom();
  room.set_parentid(Create(token).roomid());
  const std::string first = Create(token, room).roomid();
  const std::string second = Create(token, room).roomid();
  const std::string third = Create(token, room).roomid();
  auto sort = As<::roomService::RoomSortRequest>(token);
  auto& move = *sort.add_roommoves();
  move.set_roomid(third);
  move.set_parentid(room.parentid());
  move.set_moveafterroomid(first);
  EXPECT_THAT(Ask(&RoomStub::Sort, sort), Answers(::common::OK));
  const auto rooms = List(token).rooms();
  EXPECT_LT(rooms.at(first).sort(), rooms.at(third).sort());
  EXPECT_LT(rooms.at(third).sort(), rooms.at(second).sort());
  move.set_moveafterroomid(room.parentid());
  EXPECT_THAT(Ask(&RoomStub::Sort, sort), Answers(::common::ROOM_PREDECESSOR_NOT_FOUND));
}

// Two clients that change one room at once.
TEST_F(RoomOverTheWire, UpdatesOfDifferentEntriesAtOnceAreBothMade) {
  const std::string token = house_.Sign(ACreator());
  const std::string id = Create(token).roomid();
  std::vector<std::string> users;
  for (int i = 0; i < 20; ++i) users.push_back(NewUuid());
  std::vector<std::thread> clients;
  for (int client = 0; client < 2; ++client) {
    clients.emplace_back([&, client] {
      for (size_t i = client; i < users.size(); i += 2) {
        auto update = As<::roomService::RoomUpdateRequest>(token);
        update.set_roomid(id);
        (*update.mutable_room()->mutable_permissions())[users[i]].set_join(true);
        (*update.mutable_room()->mutable_metadata())[users[i]] = "here";
        EXPECT_THAT(Ask(&RoomStub::Update, update), Answers(::common::OK));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  const ::common::Room room = List(token).rooms().at(id);
  for (const std::string& user : users) {
    EXPECT_TRUE(room.permissions().contains(user)) << user;
    EXPECT_TRUE(room.metadata().contains(user)) << user;
  }
}

TEST_F(RoomOverTheWire, RoomsThatOneMessageCannotHoldAreRefusedWithAWayOut) {
  const std::string token = house_.Sign(ACreator());
  ::common::Room room = ARoom();
  for (int i = 0; i < 15; ++i) {
    (*room.mutable_metadata())[absl::StrCat("key", i)] = std::string(4000, 'x');
  }
  std::set<std::string> made;  // beside rooms that other tests have opened to everybody
  for (int i = 0; i < 72; ++i) made.insert(Create(token, room).roomid());
  const auto refused = List(token);
  EXPECT_THAT(refused, Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(refused.replyinfo().statusmessage(), HasSubstr("offset"));
  const auto listed = List(token, 60);
  EXPECT_THAT(listed, Answers(::common::OK));
  ASSERT_EQ(listed.rooms_size(), 60);
  for (const auto& [id, found] : listed.rooms()) {
    if (made.count(id) > 0) EXPECT_EQ(found.metadata_size(), room.metadata_size()) << id;
  }
}

// F34: the right update was made, and its answer did not get through.
TEST_F(RoomOverTheWire, OneRightUpdateAmongWrongOnesOfManyBytesIsAnswered) {
  const std::string token = house_.Sign(ACreator());
  const std::string right = Create(token).roomid();
  auto request = As<::roomService::RoomsUpdateRequest>(token);
  for (int i = 0; i < 999; ++i) {
    auto& wrong = *request.add_roomstoupdate();
    wrong.set_roomid(absl::StrCat(i, std::string(4090, 'x')));
    wrong.mutable_room()->set_displayname("wrong");
  }
  auto& update = *request.add_roomstoupdate();
  update.set_roomid(right);
  update.mutable_room()->set_displayname("right");
  const auto reply = Ask(&RoomStub::UpdateRooms, request);
  EXPECT_THAT(reply, Answers(::common::PARTIAL_ERROR));
  EXPECT_EQ(reply.updatereplies_size(), 1000);
  EXPECT_EQ(reply.updatereplies().at(right).statuscode(), ::common::OK);
}

TEST_F(RoomOverTheWire, ALimitOfNothingIsAHundredAlsoWhereRoomsAreNamed) {
  const std::string token = house_.Sign(ACreator());
  auto request = As<::roomService::RoomListRequest>(token);
  for (int i = 0; i < 120; ++i) request.add_filterroomids(Create(token).roomid());
  EXPECT_EQ(Ask(&RoomStub::List, request).rooms_size(), 100);
  request.set_offset(100);
  EXPECT_EQ(Ask(&RoomStub::List, request).rooms_size(), 20);
  request.set_offset(0);
  request.set_limit(1000);
  EXPECT_EQ(Ask(&RoomStub::List, request).rooms_size(), 120);
}

}  // namespace room_over_the_wire_test
}  // namespace usher
