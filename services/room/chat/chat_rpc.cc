#include "services/room/chat/chat_rpc.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/room/chat/chat_wire.h"

namespace usher::room {

using rpc::Lane;
using token::TokenType;
namespace chat_wire = ::usher::chat::v1;

namespace {

// The client at the end of a watch.
class StreamListener final : public ChatListener {
 public:
  StreamListener(RoomId room, std::string request_id, rpc::Stream<chat_wire::WatchReply> stream)
      : room_(std::move(room)), request_id_(std::move(request_id)), stream_(std::move(stream)) {}

  bool Begin(int64_t position, bool gap) override {
    chat_wire::WatchReply reply;
    reply.mutable_replyinfo()->set_requestid(request_id_);
    reply.set_position(PositionToWire(room_, position));
    reply.set_gap(gap);
    return stream_.Send(reply);
  }
  bool Tell(const std::vector<const ChatMessage*>& messages, int64_t position) override {
    chat_wire::WatchReply reply;
    ToWire(messages, room_, position, &reply);
    return stream_.Send(reply);
  }
  void End(const absl::Status& why) override { stream_.Close(why); }
  bool closed() const override { return stream_.closed(); }
  bool ready() const override { return stream_.waiting() == 0; }

 private:
  const RoomId room_;
  const std::string request_id_;
  const rpc::Stream<chat_wire::WatchReply> stream_;
};

}  // namespace

ChatRpc::ChatRpc(rpc::Gate& gate, Chat& chat) : chat_(chat) {
  const std::set<TokenType> joining = {TokenType::kAccess, TokenType::kJoin};
  rpc::Binding bind(gate, *this, "usher.chat.v1.ChatService");
  bind.Serve("send", {.name = "chat.send", .accepts = joining, .guests = true, .creates = true},
             &ChatRpc::Send);
  bind.Serve("history",
             {.name = "chat.history",
              .lane = Lane::kList,
              .accepts = joining,
              .guests = true,
              .reads = true},
             &ChatRpc::History);
  bind.ServeStream("watch",
                   {.name = "chat.watch",
                    .lane = Lane::kStatement,
                    .accepts = joining,
                    .guests = true,
                    .reads = true},
                   &ChatRpc::Watch);
}

absl::Status ChatRpc::Send(const Caller& caller, const ::common::ChatSendRequest& request,
                           ::common::ChatSendReply& reply) {
  ASSIGN_OR_RETURN(const ChatDraft draft, FromWire(request));
  ASSIGN_OR_RETURN(const ChatReceipt receipt, chat_.Send(caller, draft));
  ToWire(draft, caller.user(), receipt, &reply);
  return absl::OkStatus();
}

absl::Status ChatRpc::History(const Caller& caller, const ::common::ChatHistoryRequest& request,
                              ::common::ChatHistoryReply& reply) {
  ASSIGN_OR_RETURN(const HistoryWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const HistoryPage page, chat_.History(caller, wish));
  return ToWire(wish.room, page, &reply);
}

absl::Status ChatRpc::Watch(const Caller& caller, const chat_wire::WatchRequest& request,
                            rpc::Stream<chat_wire::WatchReply> stream) {
  ASSIGN_OR_RETURN(const WatchWish wish, FromWire(request));
  return chat_.Watch(
      caller, wish,
      std::make_shared<StreamListener>(wish.room, caller.call().request_id, std::move(stream)));
}

}  // namespace usher::room
