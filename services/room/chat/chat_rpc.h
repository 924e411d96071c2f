// usher.chat.v1.ChatService: wire to domain and back.
#pragma once

#include <common/chat.pb.h>
#include <usher/chat/v1/chat.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/room/chat/chat.h"

namespace usher::room {

class ChatRpc final : public rpc::Service {
 public:
  ChatRpc(rpc::Gate& gate, Chat& chat);

 private:
  absl::Status Send(const Caller& caller, const ::common::ChatSendRequest& request,
                    ::common::ChatSendReply& reply);
  absl::Status History(const Caller& caller, const ::common::ChatHistoryRequest& request,
                       ::common::ChatHistoryReply& reply);
  absl::Status Watch(const Caller& caller, const ::usher::chat::v1::WatchRequest& request,
                     rpc::Stream<::usher::chat::v1::WatchReply> stream);

  Chat& chat_;
};

}  // namespace usher::room
