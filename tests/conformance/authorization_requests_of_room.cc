// What rows of authorization_matrix.txt ask of the room service.
#include <common/chat.pb.h>
#include <roomService/roomService.pb.h>
#include <usher/chat/v1/chat.pb.h>
#include <usher/engine/v1/engine.pb.h>

#include "common/base/id.h"
#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

// --- RoomService

void Fill(const Question& question, ::roomService::RoomCreateRequest& request) {
  request.mutable_room()->set_displayname("New");
  if (question.with == "parent") {
    request.mutable_room()->set_parentid(question.target.room);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::roomService::RoomUpdateRequest& request) {
  request.mutable_room()->set_displayname(NewUuid());
  request.set_roomid(question.target.room);
  if (question.with == "parent") {
    request.set_roomid(question.own_room);
    request.mutable_room()->set_parentid(question.target.room);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::roomService::RoomsUpdateRequest& request) {
  Fill(question, *request.add_roomstoupdate());
}

void Fill(const Question& question, ::roomService::RoomSortRequest& request) {
  ::roomService::RoomMoveInfo& move = *request.add_roommoves();
  move.set_roomid(question.target.room);
  if (question.with == "parent") {
    move.set_roomid(question.own_room);
    move.set_parentid(question.target.room);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::roomService::RoomListRequest& request) {
  request.set_limit(1000);
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_filterroomids(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomStatusRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_roomids(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomDestroyRequest& request) {
  ExpectPlain(question);
  request.set_roomid(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomPermissionsRequest& request) {
  request.set_roomid(question.target.room);
  if (question.with == "other") {
    request.set_userid(NewUuid());
  } else {
    ExpectPlain(question);
    request.set_userid(question.actor.person.user);
  }
}

void Fill(const Question& question, ::roomService::CreateJoinLinkRequest& request) {
  ExpectPlain(question);
  request.set_roomid(question.target.room);
}

// --- ChatService

void Fill(const Question& question, ::common::ChatSendRequest& request) {
  request.mutable_chatmessage()->add_receiver(question.target.room);
  request.mutable_chatmessage()->set_text("hello");
  if (question.with == "broadcast") {
    request.mutable_chatmessage()->set_broadcast(true);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::common::ChatHistoryRequest& request) {
  ExpectPlain(question);
  request.set_receiver(question.target.room);
}

void Fill(const Question& question, ::usher::chat::v1::WatchRequest& request) {
  ExpectPlain(question);
  request.set_receiver(question.target.room);
}

// --- EngineService

constexpr char kEngine[] = "engine-of-the-matrix";

void Fill(const Question& question, ::usher::engine::v1::ReportRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
  request.add_rooms()->set_room_id(question.target.room);
}

void Fill(const Question& question, ::usher::engine::v1::WatchCommandsRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
}

void Fill(const Question& question, ::usher::engine::v1::AcknowledgeRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
  request.add_command_ids(NewUuid());
}

void Fill(const Question& question, ::usher::engine::v1::FindRightsRequest& request) {
  ExpectPlain(question);
  request.add_rooms()->set_room_id(question.target.room);
}

}  // namespace

Fillers FillersOfRoom() {
  return FillersOf<::roomService::RoomCreateRequest, ::roomService::RoomUpdateRequest,
                   ::roomService::RoomsUpdateRequest, ::roomService::RoomSortRequest,
                   ::roomService::RoomListRequest, ::roomService::RoomDestroyRequest,
                   ::roomService::RoomStatusRequest, ::roomService::RoomPermissionsRequest,
                   ::roomService::CreateJoinLinkRequest, ::usher::engine::v1::ReportRequest,
                   ::usher::engine::v1::WatchCommandsRequest,
                   ::usher::engine::v1::AcknowledgeRequest, ::usher::engine::v1::FindRightsRequest,
                   ::common::ChatSendRequest, ::common::ChatHistoryRequest,
                   ::usher::chat::v1::WatchRequest>(
      [](const Question& question, auto& request) { Fill(question, request); });
}

}  // namespace usher
