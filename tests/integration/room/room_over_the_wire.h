// What the tests of RoomService over the wire have in common.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "tests/support/over_the_wire.h"

namespace usher {

class RoomOverTheWire : public OverTheWire {
 protected:
  // Somebody who may make rooms, and sees none but their own.
  token::AccessToken ACreator(PermissionSet more = {}) {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("acme");
    token.permissions = more.Or({Permission::kRoomCreate});
    return token;
  }
  static ::common::Room ARoom() {
    ::common::Room room;
    room.set_displayname("room");
    (*room.mutable_metadata())["key"] = "value";
    return room;
  }
  ::roomService::RoomCreateReply Create(const std::string& token,
                                        const ::common::Room& room = ARoom(),
                                        const std::map<std::string, std::string>& headers = {}) {
    auto request = As<::roomService::RoomCreateRequest>(token);
    *request.mutable_room() = room;
    return Ask(&RoomStub::Create, request, headers);
  }
  ::roomService::RoomListReply List(const std::string& token, uint32_t limit = 0) {
    auto request = As<::roomService::RoomListRequest>(token);
    request.set_limit(limit);
    return Ask(&RoomStub::List, request);
  }
  ::roomService::RoomPermissionsReply Permissions(const std::string& token,
                                                  const std::string& room) {
    auto request = As<::roomService::RoomPermissionsRequest>(token);
    request.set_roomid(room);
    return Ask(&RoomStub::Permissions, request);
  }
  ::roomService::RoomDestroyReply Destroy(const std::string& token, const std::string& room) {
    auto request = As<::roomService::RoomDestroyRequest>(token);
    request.set_roomid(room);
    return Ask(&RoomStub::Destroy, request);
  }
  ::roomService::CreateJoinLinkReply Link(const std::string& token, const std::string& room,
                                          int64_t expires_at = 0) {
    auto request = As<::roomService::CreateJoinLinkRequest>(token);
    request.set_roomid(room);
    request.set_expiresat(expires_at);
    return Ask(&RoomStub::CreateJoinLink, request);
  }
  // The token in a link that was made.
  std::string TokenIn(const ::roomService::CreateJoinLinkReply& reply) {
    EXPECT_THAT(reply, Answers(::common::OK));
    const std::vector<std::string> parts = absl::StrSplit(reply.joinlink(), '#');
    std::string token;
    EXPECT_TRUE(parts.size() == 2 && absl::WebSafeBase64Unescape(parts[1], &token))
        << reply.joinlink();
    return token;
  }
};

}  // namespace usher
