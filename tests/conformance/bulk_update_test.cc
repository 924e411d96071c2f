// A bulk call has one caller and many objects: each is decided by itself, and for nobody else.
#include <gtest/gtest.h>

#include "tests/conformance/authorization_scene.h"
#include "tests/support/house.h"

namespace usher {
namespace bulk_update_test {

class BulkUpdateTest : public ::testing::Test {
 protected:
  static void Add(const std::string& room, ::roomService::RoomsUpdateRequest* request) {
    auto& update = *request->add_roomstoupdate();
    update.set_roomid(room);
    update.mutable_room()->set_displayname("renamed");
  }

  ::roomService::RoomsUpdateReply Update(const Actor& actor,
                                         ::roomService::RoomsUpdateRequest request) {
    request.mutable_accessinfo()->set_accesstoken(actor.token);
    grpc::ClientContext context;
    ::roomService::RoomsUpdateReply reply;
    const grpc::Status status = House::Get().room().UpdateRooms(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  // The name of a room, as somebody sees it who sees all rooms of the company.
  std::string NameOf(const std::string& room, const Actor& viewer) {
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken(viewer.token);
    request.add_filterroomids(room);
    grpc::ClientContext context;
    ::roomService::RoomListReply reply;
    EXPECT_TRUE(House::Get().room().List(&context, request, &reply).ok());
    return reply.rooms().count(room) > 0 ? reply.rooms().at(room).displayname() : "not there";
  }

  Scene scene_{House::Get()};
  const Actor member_ = scene_.actor("mem");
  const Actor administrator_ = scene_.actor("grant");
  const std::string own_ = scene_.target("own", member_).room;
  const std::string peers_ = scene_.target("peer", member_).room;
};

TEST_F(BulkUpdateTest, DecidesEachRoomForItself) {
  const std::string foreign = scene_.target("foreign", member_).room;
  ::roomService::RoomsUpdateRequest request;
  for (const std::string& room : {peers_, own_, foreign}) Add(room, &request);
  const auto reply = Update(member_, request);
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::PARTIAL_ERROR);
  ASSERT_EQ(reply.updatereplies_size(), 3);
  EXPECT_EQ(reply.updatereplies().at(own_).statuscode(), ::common::OK);
  EXPECT_EQ(reply.updatereplies().at(peers_).statuscode(), ::common::INSUFFICIENT_PERMISSIONS);
  EXPECT_EQ(reply.updatereplies().at(foreign).statuscode(), ::common::ROOM_NOT_FOUND);
  EXPECT_EQ(NameOf(own_, administrator_), "renamed");
  EXPECT_EQ(NameOf(peers_, administrator_), "peer");
}

TEST_F(BulkUpdateTest, TheTokenInsideAnUpdateIsNotLookedAt) {
  ::roomService::RoomsUpdateRequest request;
  Add(peers_, &request);
  request.mutable_roomstoupdate(0)->mutable_accessinfo()->set_accesstoken(administrator_.token);
  const auto reply = Update(member_, request);
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::PARTIAL_ERROR);
  EXPECT_EQ(reply.updatereplies().at(peers_).statuscode(), ::common::INSUFFICIENT_PERMISSIONS);
  EXPECT_EQ(NameOf(peers_, administrator_), "peer");
}

}  // namespace bulk_update_test
}  // namespace usher
