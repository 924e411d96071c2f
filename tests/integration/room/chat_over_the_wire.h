// What the tests of ChatService over the wire have in common: two servers of the room service, and
// a client that watches.
#pragma once

#include <usher/chat/v1/chat.grpc.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {

using ChatService = ::usher::chat::v1::ChatService;
using ::usher::chat::v1::WatchReply;
using ::usher::chat::v1::WatchRequest;

inline constexpr absl::Duration kChatPatience = absl::Seconds(60);  // sanitizers on a busy machine

// A client that watches.
class ChatWatcher {
 public:
  ChatWatcher(const std::shared_ptr<grpc::Channel>& channel, const WatchRequest& request)
      : stub_(ChatService::NewStub(channel)) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + kChatPatience));
    reader_ = stub_->watch(&context_, request);
  }
  ~ChatWatcher() { context_.TryCancel(); }

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
    context.set_deadline(absl::ToChronoTime(absl::Now() + kChatPatience));
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
    context.set_deadline(absl::ToChronoTime(absl::Now() + kChatPatience));
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
  static inline OwnServer* other_ = nullptr;
};

}  // namespace usher
