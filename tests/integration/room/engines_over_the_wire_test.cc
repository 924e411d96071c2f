// Media engines as they see the room service, and what users see of them. The engine is at one
// replica, the users are at another.
#include <csignal>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/support/engine_client.h"
#include "tests/support/over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace engines_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::usher::engine::v1::Command;
using ::usher::engine::v1::ReportRequest;

class EnginesOverTheWire : public OverTheWire {
 protected:
  // Shared, as it takes a while to start.
  static void SetUpTestSuite() {
    replica_ = std::make_unique<OwnServer>(
        OwnServer::Start{.service = "room", .flags = {"--presence_lifetime=4s"}});
  }
  static void TearDownTestSuite() { replica_.reset(); }
  static OwnServer& Replica() { return *replica_; }

  std::string EngineToken() { return TokenWith({Permission::kRoomAdmin}); }
  EngineClient AnEngine(const std::string& name = absl::StrCat("engine-", NewUuid())) {
    return EngineClient(Replica().NewChannel(), EngineToken(), name);
  }
  // With default permissions to join.
  std::string AnOpenRoom(uint32_t active_participants = 0) {
    ::roomService::RoomCreateRequest request;
    request.mutable_room()->set_displayname("open");
    request.mutable_room()->mutable_defaultpermissions()->set_join(true);
    request.mutable_room()->mutable_quotas()->set_activeparticipants(active_participants);
    const auto reply = Ask(&RoomStub::Create, As(AdminOf("acme"), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.roomid();
  }
  static ReportRequest With(const std::string& room, const std::vector<std::string>& users) {
    ReportRequest report;
    report.add_rooms()->set_room_id(room);
    for (const std::string& user : users) {
      report.mutable_rooms(0)->add_occupants()->mutable_person()->set_user_id(user);
    }
    return report;
  }
  ::roomService::RoomStatusReply Status(const std::string& room, bool by_sub_room = false) {
    ::roomService::RoomStatusRequest request;
    request.add_roomids(room);
    request.set_groupbysubroom(by_sub_room);
    return Ask(&RoomStub::Status, As(AdminOf("acme"), request));
  }
  void Destroy(const std::string& room) {
    ::roomService::RoomDestroyRequest request;
    request.set_roomid(room);
    EXPECT_THAT(Ask(&RoomStub::Destroy, As(AdminOf("acme"), request)), Answers(::common::OK));
  }
  void TakeDefaults(const std::string& room) {
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(room);
    request.set_removedefaultpermissions(true);
    EXPECT_THAT(Ask(&RoomStub::Update, As(AdminOf("acme"), request)), Answers(::common::OK));
  }
  ::roomService::CreateJoinLinkReply Link(const std::string& token, const std::string& room) {
    ::roomService::CreateJoinLinkRequest request;
    request.set_roomid(room);
    return Ask(&RoomStub::CreateJoinLink, As(token, request));
  }
  static auto PutsOut(const std::string& user) {
    return [user](const Command& command) { return command.put_out().user_id() == user; };
  }
  static auto Closes(const std::string& room) {
    return [room](const Command& command) { return command.close_room().room_id() == room; };
  }

 private:
  static inline std::unique_ptr<OwnServer> replica_;
};

TEST_F(EnginesOverTheWire, StatusTellsAtAnotherReplicaWhatAnEngineReported) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom();
  const std::string user = NewUuid();
  const std::string guest = NewUuid();
  LetIn(room, guest, {RoomRight::kJoin});
  ReportRequest report = With(room, {user, guest});
  auto& second = *report.mutable_rooms(0)->mutable_occupants(1);
  second.mutable_person()->set_guest(true);
  second.set_display_name("Zo\u00eb");
  second.set_sub_room_id("corner");
  second.set_spectator(true);
  second.set_state(::common::ON_BREAK);
  const auto reply = engine.Report(report);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.put_out(), IsEmpty());

  const auto status = Status(room, true);
  const auto& told = status.rooms().at(room);
  EXPECT_THAT(told.users(), SizeIs(2));
  EXPECT_TRUE(told.users().at(user).online());
  const auto& zoe = told.subrooms().at("corner").users().at(guest);
  EXPECT_EQ(zoe.displayname(), "Zo\u00eb");
  EXPECT_TRUE(zoe.online() && zoe.isguest() && zoe.isspectator());
  EXPECT_EQ(zoe.state(), ::common::ON_BREAK);
  EXPECT_THAT(engine.Report(With(room, {})), Answers(::common::OK));
  EXPECT_THAT(Status(room).rooms().at(room).users(), IsEmpty());
}

TEST_F(EnginesOverTheWire, ADestroyedRoomIsClosedWithinASecondAtAnyReplica) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom();
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  ASSERT_THAT(engine.Report(With(room, {NewUuid()})), Answers(::common::OK));
  Destroy(room);
  const absl::Time destroyed = absl::Now();
  EXPECT_TRUE(stream->Await(Closes(room)));
  EXPECT_LT(absl::Now() - destroyed, absl::Seconds(1));
  // Whoever has missed the command is told by the next report.
  EXPECT_THAT(engine.Report(With(room, {NewUuid()})).unknown_room_ids(), ElementsAre(room));
}

TEST_F(EnginesOverTheWire, WhoseRightToJoinIsTakenAwayIsPutOutWithinASecondAndStaysOut) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom();
  const std::string stays = NewUuid();
  const std::string goes = NewUuid();
  LetIn(room, stays, {RoomRight::kJoin});
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  ASSERT_THAT(engine.Report(With(room, {stays, goes})).put_out(), IsEmpty());
  TakeDefaults(room);
  const absl::Time taken = absl::Now();
  EXPECT_TRUE(stream->Await(PutsOut(goes)));
  EXPECT_LT(absl::Now() - taken, absl::Seconds(1));
  for (const Command& command : stream->commands()) {
    EXPECT_NE(command.put_out().user_id(), stays);
  }
  const auto reply = engine.Report(With(room, {stays, goes}));
  ASSERT_THAT(reply.put_out(), SizeIs(1));
  EXPECT_EQ(reply.put_out(0).user_id(), goes);
  EXPECT_EQ(reply.put_out(0).reason(), ::usher::engine::v1::JOIN_TAKEN_AWAY);
}

TEST_F(EnginesOverTheWire, AUserWhoIsRemovedIsPutOutOfAllRooms) {
  EngineClient engine = AnEngine();
  ASSERT_THAT(engine.Report(With(AnOpenRoom(), {})), Answers(::common::OK));
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  const Account account = NewAccount();
  ::user::UserDestroyRequest request;
  request.set_userid(account.user);
  EXPECT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), request)), Answers(::common::OK));
  EXPECT_TRUE(stream->Await([&](const Command& command) {
    return command.put_out().user_id() == account.user && command.put_out().room_id().empty();
  }));
}

TEST_F(EnginesOverTheWire, WhatIsNotAcknowledgedComesAgainAtWhicheverReplica) {
  const std::string name = absl::StrCat("engine-", NewUuid());
  const std::string token = EngineToken();
  EngineClient engine(Replica().NewChannel(), token, name);
  const std::string first = AnOpenRoom();
  const std::string second = AnOpenRoom();
  ReportRequest report = With(first, {});
  report.add_rooms()->set_room_id(second);
  ASSERT_THAT(engine.Report(report), Answers(::common::OK));
  Destroy(first);
  Destroy(second);
  std::string acknowledged;
  {
    const auto stream = engine.Watch();
    EXPECT_TRUE(stream->Await(Closes(first)));
    EXPECT_TRUE(stream->Await(Closes(second)));
    for (const Command& command : stream->commands()) {
      if (Closes(first)(command)) acknowledged = command.command_id();
    }
    EXPECT_THAT(engine.Acknowledge({acknowledged}), Answers(::common::OK));
  }
  EngineClient elsewhere(house_.channel("room"), token, name);
  const auto stream = elsewhere.Watch();
  EXPECT_TRUE(stream->Await(Closes(second)));
  EXPECT_THAT(stream->commands(), SizeIs(2));  // with the welcome
}

TEST_F(EnginesOverTheWire, AnEngineHearsThatSettingsAndRightsHaveChangedAndAsksForThem) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom();
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  const std::string user = NewUuid();
  ASSERT_THAT(engine.Report(With(room, {user})), Answers(::common::OK));
  LetIn(room, user, {RoomRight::kJoin, RoomRight::kVoice});
  EXPECT_TRUE(stream->Await([&](const Command& command) {
    return command.permissions_changed().room_id() == room &&
           command.permissions_changed().user_id() == user;
  }));
  EXPECT_TRUE(stream->Await(
      [&](const Command& command) { return command.room_changed().room_id() == room; }));
  ::usher::engine::v1::FindRightsRequest request;
  request.add_rooms()->set_room_id(room);
  request.mutable_rooms(0)->add_people()->set_user_id(user);
  request.add_rooms()->set_room_id(NewUuid());
  const auto reply = engine.FindRights(request);
  ASSERT_THAT(reply, Answers(::common::OK));
  ASSERT_THAT(reply.rooms(), SizeIs(1));
  EXPECT_TRUE(reply.rooms(0).permissions().at(user).voice());
  EXPECT_FALSE(reply.rooms(0).permissions().at(user).video());
}

TEST_F(EnginesOverTheWire, WhatIsNotRenewedIsNotToldAnyMore) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom();
  ASSERT_THAT(engine.Report(With(room, {NewUuid()})), Answers(::common::OK));
  const auto here = ::roomService::roomService::NewStub(Replica().NewChannel());
  EXPECT_TRUE(WithinFiveSeconds([&] {
    ::roomService::RoomStatusRequest request;
    request.mutable_accessinfo()->set_accesstoken(AdminOf("acme"));
    request.add_roomids(room);
    ::roomService::RoomStatusReply reply;
    grpc::ClientContext context;
    EXPECT_TRUE(here->Status(&context, request, &reply).ok());
    return reply.rooms().at(room).users().empty();
  }));
}

TEST_F(EnginesOverTheWire, AFullRoomGivesJoinLinksToThoseAloneWhoAreInIt) {
  EngineClient engine = AnEngine();
  const std::string room = AnOpenRoom(1);
  const Account in = NewAccount();
  const Account out = NewAccount();
  const std::string in_token = SignIn(in).access_token;
  const std::string out_token = SignIn(out).access_token;
  EXPECT_THAT(Link(out_token, room), Answers(::common::OK));
  ASSERT_THAT(engine.Report(With(room, {in.user})), Answers(::common::OK));
  EXPECT_THAT(Link(out_token, room), Answers(::common::QUOTA_EXCEEDED));
  EXPECT_THAT(Link(in_token, room), Answers(::common::OK));
  ::usher::engine::v1::FindRightsRequest request;
  request.add_rooms()->set_room_id(room);
  const auto reply = engine.FindRights(request);
  EXPECT_EQ(reply.rooms(0).quotas().activeparticipants(), 1u);
  EXPECT_EQ(reply.rooms(0).active_elsewhere(), 0u);
}

TEST_F(EnginesOverTheWire, AStreamEndsWithinFiveSecondsOfTheEndOfItsAccount) {
  const Account account = NewAccount({Permission::kRoomAdmin});
  EngineClient engine(Replica().NewChannel(), SignIn(account).access_token, "engine");
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  ::authentication::AuthenticationUpdateRequest request;
  request.set_userid(account.user);
  request.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  EXPECT_THAT(Ask(&AuthStub::authenticationUpdate, As(AdminOf("acme"), request)),
              Answers(::common::OK));
  EXPECT_EQ(stream->AwaitEnd(absl::Seconds(5)).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(Replica().AwaitLog("stream ended"));
}

TEST_F(EnginesOverTheWire, ASecondStreamUnderTheSameNameEndsTheFirst) {
  EngineClient engine = AnEngine();
  const auto first = engine.Watch();
  ASSERT_TRUE(first->AwaitWelcome());
  const auto second = engine.Watch();
  ASSERT_TRUE(second->AwaitWelcome());
  EXPECT_EQ(first->AwaitEnd().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(EnginesOverTheWire, WhoIsRefusedIsToldWhyInOneMessage) {
  EngineClient engine(Replica().NewChannel(), TokenWith({Permission::kRoomList}), "engine");
  const auto stream = engine.Watch();
  EXPECT_TRUE(stream->Await([](const Command& command) {
    return command.replyinfo().statuscode() == ::common::INSUFFICIENT_PERMISSIONS;
  }));
  EXPECT_THAT(engine.Report(With(AnOpenRoom(), {})), Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(EnginesOverTheWire, AReplicaThatStopsSendsItsEnginesAway) {
  OwnServer leaving({.service = "room"});
  const std::string name = absl::StrCat("engine-", NewUuid());
  const std::string token = EngineToken();
  EngineClient engine(leaving.NewChannel(), token, name);
  const auto stream = engine.Watch();
  ASSERT_TRUE(stream->AwaitWelcome());
  const std::string room = AnOpenRoom();
  ASSERT_THAT(engine.Report(With(room, {NewUuid()})), Answers(::common::OK));
  leaving.process().Signal(SIGTERM);
  EXPECT_EQ(leaving.process().Wait(kEnginePatience), 0);
  EXPECT_EQ(stream->AwaitEnd().error_code(), grpc::StatusCode::UNAVAILABLE);
  Destroy(room);
  EngineClient again(Replica().NewChannel(), token, name);
  EXPECT_TRUE(again.Watch()->Await(Closes(room)));
}

}  // namespace engines_over_the_wire_test
}  // namespace usher
