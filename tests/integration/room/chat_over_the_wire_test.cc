// ChatService as its clients see it, on two servers of the room service.
#include <usher/chat/v1/chat.grpc.pb.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace chat_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ChatService = ::usher::chat::v1::ChatService;
using ::usher::chat::v1::WatchReply;
using ::usher::chat::v1::WatchRequest;

constexpr absl::Duration kPatience = absl::Seconds(60);  // sanitizers on a busy machine

// A client that watches.
class Watcher {
 public:
  Watcher(const std::shared_ptr<grpc::Channel>& channel, const WatchRequest& request)
      : stub_(ChatService::NewStub(channel)) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    reader_ = stub_->watch(&context_, request);
  }
  ~Watcher() { context_.TryCancel(); }

  // The first reply, from which on nothing is missed.
  WatchReply Begin() {
    WatchReply reply;
    EXPECT_TRUE(reader_->Read(&reply));
    position = reply.position();
    return reply;
  }
  // The next texts, this many.
  std::vector<std::string> Read(size_t count) {
    WatchReply reply;
    while (waiting_.size() < count && reader_->Read(&reply)) {
      for (const auto& message : reply.chatmessage()) waiting_.push_back(message.text());
      position = reply.position();
    }
    std::vector<std::string> texts;
    texts.swap(waiting_);
    return texts;
  }
  grpc::Status End() {
    WatchReply reply;
    while (reader_->Read(&reply)) {
    }
    return reader_->Finish();
  }

  std::string position;

 private:
  const std::unique_ptr<ChatService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<WatchReply>> reader_;
  std::vector<std::string> waiting_;
};

class ChatOverTheWire : public OverTheWire {
 protected:
  static void SetUpTestSuite() { other_ = new OwnServer({.service = "room"}); }
  static void TearDownTestSuite() {
    delete other_;
    other_ = nullptr;
  }

  ChatOverTheWire() : room_(NewRoom()), token_(MemberOf(room_, {RoomRight::kChat}, &user_)) {
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(room_);
    (*request.mutable_room()->mutable_subrooms())["blue"].set_displayname("Blue");
    EXPECT_THAT(Ask(&RoomStub::Update, As(AdminOf("acme"), request)), Answers(::common::OK));
  }

  std::string MemberOf(const std::string& room, RoomRights rights, std::string* user = nullptr) {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("acme");
    if (user != nullptr) *user = token.user.value();
    LetIn(room, token.user.value(), rights);
    return house_.Sign(token);
  }

  const std::shared_ptr<grpc::Channel>& Here() { return house_.channel("room"); }
  static std::shared_ptr<grpc::Channel> There() { return other_->NewChannel(); }

  ::common::ChatSendRequest AMessage(const std::string& text) {
    ::common::ChatSendRequest request;
    request.mutable_chatmessage()->add_receiver(room_);
    request.mutable_chatmessage()->set_text(text);
    return request;
  }
  ::common::ChatSendReply Send(const ::common::ChatSendRequest& request,
                               const std::shared_ptr<grpc::Channel>& channel,
                               const std::string& token = "", const std::string& key = "") {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    if (!key.empty()) context.AddMetadata("idempotency-key", key);
    ::common::ChatSendReply reply;
    const grpc::Status status = ChatService::NewStub(channel)->send(
        &context, As(token.empty() ? token_ : token, request), &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  ::common::ChatSendReply Say(const std::string& text) { return Send(AMessage(text), Here()); }
  ::common::ChatHistoryReply History(::common::ChatHistoryRequest request = {},
                                     const std::string& token = "") {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    request.set_receiver(room_);
    ::common::ChatHistoryReply reply;
    const grpc::Status status = ChatService::NewStub(Here())->history(
        &context, As(token.empty() ? token_ : token, request), &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    const auto history = History();
    for (const auto& message : history.chatmessage()) texts.push_back(message.text());
    return texts;
  }
  WatchRequest AWatch(const std::string& position = "", const std::string& sub_room = "") {
    WatchRequest request;
    request.set_receiver(room_);
    request.set_position(position);
    request.set_sub_room_id(sub_room);
    return As(token_, request);
  }

  const std::string room_;
  std::string user_;
  const std::string token_;
  static OwnServer* other_;
};

OwnServer* ChatOverTheWire::other_ = nullptr;

TEST_F(ChatOverTheWire, AMessageIsHeardOnBothServersAndKept) {
  Watcher here(Here(), AWatch());
  Watcher there(There(), AWatch());
  EXPECT_THAT(here.Begin(), Answers(::common::OK));
  there.Begin();
  auto request = AMessage("hello");
  request.mutable_chatmessage()->set_language("en");
  const auto sent = Send(request, Here());
  ASSERT_THAT(sent, Answers(::common::OK));
  EXPECT_EQ(sent.chatmessage().sender(), user_);
  EXPECT_THAT(here.Read(1), ElementsAre("hello"));
  EXPECT_THAT(there.Read(1), ElementsAre("hello"));
  const auto history = History();
  ASSERT_EQ(history.chatmessage_size(), 1);
  EXPECT_THAT(history.chatmessage(0), EqualsProto(sent.chatmessage()));
  EXPECT_EQ(history.position(), here.position);
}

TEST_F(ChatOverTheWire, AllHearTheSameOrderWhoeverWritesWhere) {
  Watcher here(Here(), AWatch());
  Watcher there(There(), AWatch());
  here.Begin();
  there.Begin();
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([this, t] {
      const auto channel = t % 2 == 0 ? Here() : There();
      for (int i = 0; i < 15; ++i) {
        EXPECT_THAT(Send(AMessage(absl::StrCat(t, " ", i)), channel), Answers(::common::OK));
      }
    });
  }
  const std::vector<std::string> heard = here.Read(60);
  EXPECT_EQ(heard.size(), 60u);
  EXPECT_EQ(there.Read(60), heard);
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Texts(), heard);
}

TEST_F(ChatOverTheWire, WhoComesBackMissesNothingAndHearsNothingTwice) {
  std::string position;
  {
    Watcher first(Here(), AWatch());
    first.Begin();
    Say("1");
    EXPECT_THAT(first.Read(1), ElementsAre("1"));
    position = first.position;
  }
  for (int i = 2; i <= 150; ++i) Say(absl::StrCat(i));
  Watcher again(There(), AWatch(position));
  EXPECT_FALSE(again.Begin().gap());
  Say("151");
  const std::vector<std::string> heard = again.Read(150);
  ASSERT_EQ(heard.size(), 150u);
  for (int i = 0; i < 150; ++i) EXPECT_EQ(heard[i], absl::StrCat(i + 2));
}

// The process that was to announce it died: nobody says so.
TEST_F(ChatOverTheWire, WhatNobodyAnnouncesIsHeardAllTheSame) {
  Say("1");
  Watcher here(Here(), AWatch());
  here.Begin();
  house_.database("room").Run(absl::StrCat(
      "INSERT INTO chat_messages VALUES ('acme', '", room_, "', 2, gen_random_uuid(), '", user_,
      "', now(), '', false, 'silent', '', ''); UPDATE chat_rooms SET last_position = 2 WHERE "
      "room_id = '",
      room_, "'"));
  EXPECT_THAT(here.Read(1), ElementsAre("silent"));
}

TEST_F(ChatOverTheWire, AServerThatLostTheDatabaseTellsTheRestWhenItIsBack) {
  Watcher there(There(), AWatch());
  there.Begin();
  house_.database("room").Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  auto sent = ::common::INTERNAL_ERROR;
  EXPECT_TRUE(WithinFiveSeconds([&] {
    grpc::ClientContext context;
    ::common::ChatSendReply reply;
    const bool ok =
        ChatService::NewStub(Here())->send(&context, As(token_, AMessage("after")), &reply).ok();
    sent = reply.replyinfo().statuscode();
    return ok;
  }));
  EXPECT_EQ(sent, ::common::OK);
  EXPECT_THAT(there.Read(1), ElementsAre("after"));
}

TEST_F(ChatOverTheWire, SubRoomsHearTheirOwnAndWhatGoesToAll) {
  const std::string moderator =
      MemberOf(room_, {RoomRight::kChat, RoomRight::kChatBroadcast, RoomRight::kSubroomManage});
  Watcher main(Here(), AWatch());
  Watcher blue(There(), AWatch("", "blue"));
  WatchRequest all = AWatch();
  all.set_all_sub_rooms(true);
  all.mutable_accessinfo()->set_accesstoken(moderator);
  Watcher everywhere(Here(), all);
  main.Begin();
  blue.Begin();
  everywhere.Begin();
  auto in_blue = AMessage("blue");
  in_blue.mutable_chatmessage()->set_subroomid("blue");
  EXPECT_THAT(Send(in_blue, Here()), Answers(::common::OK));
  Say("main");
  auto to_all = AMessage("all");
  to_all.mutable_chatmessage()->set_broadcast(true);
  EXPECT_THAT(Send(to_all, There()), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Send(to_all, There(), moderator), Answers(::common::OK));
  EXPECT_THAT(main.Read(2), ElementsAre("main", "all"));
  EXPECT_THAT(blue.Read(2), ElementsAre("blue", "all"));
  EXPECT_THAT(everywhere.Read(3), ElementsAre("blue", "main", "all"));
  ::common::ChatHistoryRequest history;
  history.set_subroomid("blue");
  EXPECT_EQ(History(history).chatmessage_size(), 2);
  history.set_subroomid("red");
  EXPECT_THAT(History(history), Answers(::common::SUBROOM_INVALID));
  history.clear_subroomid();
  history.set_allsubrooms(true);
  EXPECT_THAT(History(history), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(History(history, moderator).chatmessage_size(), 3);
}

TEST_F(ChatOverTheWire, AWatchEndsWhenTheRightToChatIsTakenAway) {
  Watcher there(There(), AWatch());
  there.Begin();
  const absl::Time taken = absl::Now();
  LetIn(room_, user_, {RoomRight::kJoin});
  const grpc::Status end = there.End();
  EXPECT_LT(absl::Now() - taken, absl::Seconds(5));
  EXPECT_EQ(end.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(end.error_message(), HasSubstr("INSUFFICIENT_PERMISSIONS"));
}

TEST_F(ChatOverTheWire, AWatchEndsWithItsRoomWhoseMessagesAreForgotten) {
  Say("1");
  Watcher there(There(), AWatch());
  there.Begin();
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(room_);
  ASSERT_THAT(Ask(&RoomStub::Destroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  const grpc::Status end = there.End();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(end.error_message(), HasSubstr("ROOM_NOT_FOUND"));
  EXPECT_THAT(History(), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(Say("2"), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(house_.database("room").Ask(
                absl::StrCat("SELECT gone FROM chat_rooms WHERE room_id = '", room_, "'")),
            "t");
}

TEST_F(ChatOverTheWire, AWatchEndsWhenItsTokenIsRevoked) {
  const Account account = NewAccount({Permission::kRoomList});
  LetIn(room_, account.user, {RoomRight::kChat});
  WatchRequest request = AWatch();
  request.mutable_accessinfo()->set_accesstoken(SignIn(account).access_token);
  Watcher there(There(), request);
  there.Begin();
  ::authentication::AuthenticationUpdateRequest update;
  update.set_userid(account.user);
  update.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  const absl::Time revoked = absl::Now();
  ASSERT_THAT(Ask(&AuthStub::authenticationUpdate, As(AdminOf("acme"), update)),
              Answers(::common::OK));
  const grpc::Status end = there.End();
  EXPECT_LT(absl::Now() - revoked, absl::Seconds(5));
  EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ChatOverTheWire, WhatARemovedUserHasWrittenGoesToo) {
  ::user::UserCreateRequest creation;
  creation.mutable_user()->mutable_userprofile()->set_firstname("Leaving");
  const auto created = Ask(&UserStub::userCreate, As(AdminOf("acme"), creation));
  ASSERT_THAT(created, Answers(::common::OK));
  LetIn(room_, created.userid(), {RoomRight::kChat});
  token::AccessToken token;
  token.user = UserId(created.userid());
  token.company = CompanyId("acme");
  ASSERT_THAT(Send(AMessage("leaving"), Here(), house_.Sign(token)), Answers(::common::OK));
  Say("stays");
  ::user::UserDestroyRequest destroy;
  destroy.set_userid(created.userid());
  ASSERT_THAT(Ask(&UserStub::userDestroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return Texts() == std::vector<std::string>{"stays"}; }));
}

TEST_F(ChatOverTheWire, ARepeatedSendIsAnsweredTheSameAndWritesOnce) {
  const auto first = Send(AMessage("once"), Here(), token_, "key-1");
  const auto again = Send(AMessage("once"), There(), token_, "key-1");
  ASSERT_THAT(again, Answers(::common::OK));
  EXPECT_THAT(again.chatmessage(), EqualsProto(first.chatmessage()));
  EXPECT_THAT(Texts(), ElementsAre("once"));
  EXPECT_THAT(Send(AMessage("other"), Here(), token_, "key-1"), Answers(::common::ACTION_INVALID));
}

TEST_F(ChatOverTheWire, AHistoryIsReadBackPageByPage) {
  for (int i = 1; i <= 5; ++i) Say(absl::StrCat(i));
  ::common::ChatHistoryRequest request;
  request.set_limit(2);
  std::vector<std::string> texts;
  do {
    const auto page = History(request);
    ASSERT_THAT(page, Answers(::common::OK));
    for (auto at = page.chatmessage().rbegin(); at != page.chatmessage().rend(); ++at) {
      texts.push_back(at->text());
    }
    request.set_page(page.nextpage());
  } while (!request.page().empty());
  EXPECT_THAT(texts, ElementsAre("5", "4", "3", "2", "1"));
  request.set_to(1);
  EXPECT_THAT(History(request).chatmessage(), IsEmpty());
}

TEST_F(ChatOverTheWire, AJoinTokenIsGoodForTheChatOfItsRoom) {
  token::AccessToken token;
  token.user = UserId(user_);
  token.company = CompanyId("acme");
  token.type = token::TokenType::kJoin;
  token.only_room = RoomId(room_);
  token.extension_disallowed = true;
  EXPECT_THAT(Send(AMessage("joined"), Here(), house_.Sign(token)), Answers(::common::OK));
  token.only_room = RoomId(NewUuid());
  EXPECT_THAT(Send(AMessage("elsewhere"), Here(), house_.Sign(token)),
              Answers(::common::ROOM_NOT_FOUND));
}

TEST_F(ChatOverTheWire, ARefusedWatchIsOneReply) {
  WatchRequest request = AWatch();
  request.set_position("nonsense");
  Watcher refused(Here(), request);
  EXPECT_THAT(refused.Begin(), Answers(::common::PROTOCOL_ERROR));
  EXPECT_TRUE(refused.End().ok());
}

}  // namespace chat_over_the_wire_test
}  // namespace usher
