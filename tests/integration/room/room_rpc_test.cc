// The room service from wire to PostgreSQL and back, in one process; auth is a fake signer.
#include "services/room/room_rpc.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <roomService/roomService.grpc.pb.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/server/server.h"
#include "common/token/token_signer.h"
#include "services/room/migrations.h"
#include "services/room/pg_room_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace {

using Stub = ::roomService::roomService::Stub;

class FixedSigner final : public JoinTokenSigner {
 public:
  absl::StatusOr<std::string> SignJoinToken(const CallContext&, const RoomId&) override {
    return std::string("token");
  }
};

class RoomRpcTest : public ::testing::Test {
 protected:
  RoomRpcTest() {
    keys_.Replace({{signer_.keys()[0].key_id, signer_.keys()[0].public_key}});
    feed_state_.NoteCompleteRound(feed_state_.Now());
    server::ListenOptions listen;
    listen.plain = "127.0.0.1:0";
    auto server = server::Server::Start(listen, {}, {&rpc_});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->ports()[0].address, grpc::InsecureChannelCredentials());
    stub_ = ::roomService::roomService::NewStub(channel_);
  }
  ~RoomRpcTest() override { server_->Drain(absl::Now() + absl::Seconds(5)); }

  // A token as this caller has it.
  std::string TokenOf(const Caller& caller) {
    token::AccessToken token = caller.token();
    token.expires_at = absl::Now() + absl::Hours(1);
    return signer_.Sign(token);
  }

  template <class Reply, class Request, class Method>
  Reply Call(const Caller& caller, Method method, Request request,
             const std::string& idempotency_key = "") {
    request.mutable_accessinfo()->set_accesstoken(TokenOf(caller));
    request.mutable_accessinfo()->set_requestid("r");
    grpc::ClientContext context;
    if (!idempotency_key.empty()) context.AddMetadata("idempotency-key", idempotency_key);
    Reply reply;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(reply.replyinfo().requestid(), "r");
    return reply;
  }
  ::roomService::RoomCreateReply Create(const Caller& caller, const ::common::Room& room,
                                        const std::string& idempotency_key = "") {
    ::roomService::RoomCreateRequest request;
    *request.mutable_room() = room;
    return Call<::roomService::RoomCreateReply>(caller, &Stub::Create, request, idempotency_key);
  }
  static Caller Creator() { return ACaller().With(Permission::kRoomCreate); }
  static ::common::Room ARoom() {
    ::common::Room room;
    room.set_displayname("room");
    (*room.mutable_metadata())["key"] = "value";
    return room;
  }

  const SystemClock clock_;
  ScratchDatabase database_{Migrations()};
  token::TokenSigner signer_{[] {
                               std::vector<token::SigningKey> keys;
                               keys.push_back(token::MakeSigningKey(absl::UnixEpoch()));
                               return keys;
                             }(),
                             clock_};
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 100};
  rpc::Lanes lanes_{rpc::LaneOptions(), database_.pool().options()};
  prometheus::Registry registry_;
  rpc::Gate gate_{verifier_, lanes_, registry_, clock_, rpc::GateOptions()};
  PgRoomStore store_{database_.pool()};
  NobodyOnline presence_;
  FixedSigner join_signer_;
  Rooms rooms_{store_, presence_, join_signer_, {.join_link_base = "https://meet.example"}};
  RoomRpc rpc_{gate_, rooms_};
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(RoomRpcTest, ACreatedRoomIsAnsweredAsListShowsIt) {
  const auto created = Create(Creator(), ARoom());
  ASSERT_EQ(created.replyinfo().statuscode(), ::common::OK);
  EXPECT_TRUE(created.room().permissions().at(kCallerId).admin());
  const auto listed =
      Call<::roomService::RoomListReply>(Creator(), &Stub::List, ::roomService::RoomListRequest());
  ASSERT_EQ(listed.rooms_size(), 1);
  EXPECT_EQ(listed.rooms().at(created.roomid()).DebugString(), created.room().DebugString());
  EXPECT_EQ(created.room().metadata().at("key"), "value");
}

TEST_F(RoomRpcTest, TheSameIdempotencyKeyAnswersTheSameRoom) {
  const auto first = Create(Creator(), ARoom(), "key");
  const auto second = Create(Creator(), ARoom(), "key");
  EXPECT_EQ(first.roomid(), second.roomid());
  EXPECT_EQ(first.room().DebugString(), second.room().DebugString());
  ::common::Room other = ARoom();
  other.set_displayname("other");
  EXPECT_EQ(Create(Creator(), other, "key").replyinfo().statuscode(), ::common::ACTION_INVALID);
}

TEST_F(RoomRpcTest, BothServiceNamesAnswer) {
  const auto documented = ::roomService::RoomService::NewStub(channel_);
  ::roomService::RoomListRequest request;
  request.mutable_accessinfo()->set_accesstoken(TokenOf(Creator()));
  grpc::ClientContext context;
  ::roomService::RoomListReply reply;
  EXPECT_TRUE(documented->List(&context, request, &reply).ok());
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::OK);
}

TEST_F(RoomRpcTest, UpdateRoomsAnswersForEachRoom) {
  const std::string own = Create(Creator(), ARoom()).roomid();
  ::roomService::RoomsUpdateRequest request;
  auto* first = request.add_roomstoupdate();
  first->set_roomid(own);
  first->mutable_room()->set_displayname("renamed");
  first->mutable_accessinfo()->set_accesstoken("not looked at");
  EXPECT_EQ(Call<::roomService::RoomsUpdateReply>(Creator(), &Stub::UpdateRooms, request)
                .replyinfo()
                .statuscode(),
            ::common::OK);
  request.add_roomstoupdate()->set_roomid("abc");
  const auto reply = Call<::roomService::RoomsUpdateReply>(Creator(), &Stub::UpdateRooms, request);
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::PARTIAL_ERROR);
  EXPECT_EQ(reply.updatereplies().at(own).statuscode(), ::common::OK);
  EXPECT_EQ(reply.updatereplies().at("abc").statuscode(), ::common::ROOM_ID_INVALID);
}

TEST_F(RoomRpcTest, StatusOfASeenRoomHasNobodyOnline) {
  const std::string id = Create(Creator(), ARoom()).roomid();
  ::roomService::RoomStatusRequest request;
  request.add_roomids(id);
  request.add_roomids(NewUuid());
  const auto reply = Call<::roomService::RoomStatusReply>(Creator(), &Stub::Status, request);
  ASSERT_EQ(reply.rooms_size(), 1);
  EXPECT_TRUE(reply.rooms().at(id).users().empty());
}

TEST_F(RoomRpcTest, AJoinTokenIsTakenByTheReadingCallsOnly) {
  const std::string id = Create(Creator(), ARoom()).roomid();
  const Caller joining = ACaller().Joining(RoomId(id));
  ::roomService::RoomPermissionsRequest permissions;
  permissions.set_roomid(id);
  EXPECT_TRUE(Call<::roomService::RoomPermissionsReply>(joining, &Stub::Permissions, permissions)
                  .permissions()
                  .admin());
  EXPECT_EQ(
      Call<::roomService::RoomListReply>(joining, &Stub::List, ::roomService::RoomListRequest())
          .rooms_size(),
      1);
  EXPECT_EQ(Call<::roomService::RoomStatusReply>(joining, &Stub::Status,
                                                 ::roomService::RoomStatusRequest())
                .rooms_size(),
            1);
  ::roomService::RoomUpdateRequest update;
  update.set_roomid(id);
  update.mutable_room()->set_displayname("x");
  EXPECT_EQ(
      Call<::roomService::RoomUpdateReply>(joining, &Stub::Update, update).replyinfo().statuscode(),
      ::common::AUTHENTICATION_ERROR);
  ::roomService::CreateJoinLinkRequest link;
  link.set_roomid(id);
  EXPECT_EQ(Call<::roomService::CreateJoinLinkReply>(joining, &Stub::CreateJoinLink, link)
                .replyinfo()
                .statuscode(),
            ::common::AUTHENTICATION_ERROR);
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(id);
  EXPECT_EQ(Call<::roomService::RoomDestroyReply>(joining, &Stub::Destroy, destroy)
                .replyinfo()
                .statuscode(),
            ::common::AUTHENTICATION_ERROR);
}

TEST_F(RoomRpcTest, AJoinLinkIsAnsweredAndADestroyedRoomIsGone) {
  const std::string id = Create(Creator(), ARoom()).roomid();
  ::roomService::CreateJoinLinkRequest link;
  link.set_roomid(id);
  EXPECT_EQ(
      Call<::roomService::CreateJoinLinkReply>(Creator(), &Stub::CreateJoinLink, link).joinlink(),
      absl::StrCat("https://meet.example/join/acme/", id, "#dG9rZW4"));
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(id);
  for (const auto code : {::common::OK, ::common::ROOM_NOT_FOUND}) {
    EXPECT_EQ(Call<::roomService::RoomDestroyReply>(Creator(), &Stub::Destroy, destroy)
                  .replyinfo()
                  .statuscode(),
              code);
  }
}

TEST_F(RoomRpcTest, RoomsThatOneMessageCannotHoldAreRefusedWithAWayOut) {
  const Caller creator = Creator();
  ::common::Room room = ARoom();
  for (int i = 0; i < 15; ++i) {
    (*room.mutable_metadata())[absl::StrCat("key", i)] = std::string(4000, 'x');
  }
  for (int i = 0; i < 72; ++i) Create(creator, room);
  ::roomService::RoomListRequest request;
  const auto refused = Call<::roomService::RoomListReply>(creator, &Stub::List, request);
  EXPECT_EQ(refused.replyinfo().statuscode(), ::common::MAX_SIZE_EXCEEDED);
  EXPECT_THAT(refused.replyinfo().statusmessage(), ::testing::HasSubstr("offset"));
  request.set_limit(60);
  const auto listed = Call<::roomService::RoomListReply>(creator, &Stub::List, request);
  EXPECT_EQ(listed.replyinfo().statuscode(), ::common::OK);
  ASSERT_EQ(listed.rooms_size(), 60);
  for (const auto& [id, found] : listed.rooms())
    EXPECT_EQ(found.metadata_size(), room.metadata_size()) << id;
}

TEST_F(RoomRpcTest, ALimitOfNothingIsAHundredAlsoWhereRoomsAreNamed) {
  const Caller creator = Creator();
  ::roomService::RoomListRequest request;
  for (int i = 0; i < 120; ++i) request.add_filterroomids(Create(creator, ARoom()).roomid());
  EXPECT_EQ(Call<::roomService::RoomListReply>(creator, &Stub::List, request).rooms_size(), 100);
  request.set_offset(100);
  EXPECT_EQ(Call<::roomService::RoomListReply>(creator, &Stub::List, request).rooms_size(), 20);
  request.set_offset(0);
  request.set_limit(1000);
  EXPECT_EQ(Call<::roomService::RoomListReply>(creator, &Stub::List, request).rooms_size(), 120);
}

// The right update was made, and its answer did not get through.
TEST_F(RoomRpcTest, OneRightUpdateAmongWrongOnesOfManyBytesIsAnswered) {
  const Caller creator = Creator();
  const std::string right = Create(creator, ARoom()).roomid();
  ::roomService::RoomsUpdateRequest request;
  for (int i = 0; i < 999; ++i) {
    auto& wrong = *request.add_roomstoupdate();
    wrong.set_roomid(absl::StrCat(i, std::string(4090, 'x')));
    wrong.mutable_room()->set_displayname("wrong");
  }
  auto& update = *request.add_roomstoupdate();
  update.set_roomid(right);
  update.mutable_room()->set_displayname("right");
  const auto reply = Call<::roomService::RoomsUpdateReply>(creator, &Stub::UpdateRooms, request);
  EXPECT_EQ(reply.replyinfo().statuscode(), ::common::PARTIAL_ERROR);
  EXPECT_EQ(reply.updatereplies_size(), 1000);
  EXPECT_EQ(reply.updatereplies().at(right).statuscode(), ::common::OK);
}

}  // namespace
}  // namespace usher::room
