// Chat as messages.
#pragma once

#include <common/chat.pb.h>
#include <usher/chat/v1/chat.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/room/chat/chat.h"

namespace usher::room {

// REQUEST_EMPTY without a message, text or receiver; MAX_SIZE_EXCEEDED for more than 50 receivers
// and more than 4,000 characters; ROOM_ID_INVALID, SUBROOM_INVALID, and PROTOCOL_ERROR for what
// text and languages cannot be. A room that is named twice is named once.
absl::StatusOr<ChatDraft> FromWire(const ::common::ChatSendRequest& request);

// REQUEST_EMPTY, ROOM_ID_INVALID, SUBROOM_INVALID; RANGE_ERROR for a span that ends before it
// begins and for a limit above 1,000; PROTOCOL_ERROR for a page that is none of this room's.
absl::StatusOr<HistoryWish> FromWire(const ::common::ChatHistoryRequest& request);

// REQUEST_EMPTY, ROOM_ID_INVALID, SUBROOM_INVALID; PROTOCOL_ERROR for a position that is none of
// this room's.
absl::StatusOr<WatchWish> FromWire(const ::usher::chat::v1::WatchRequest& request);

// What was accepted, as its receivers see it, but for the rooms, which are all of the draft's.
void ToWire(const ChatDraft& draft, const UserId& sender, const ChatReceipt& receipt,
            ::common::ChatSendReply* reply);
// HistoryTooLarge, and an empty reply, when one message cannot hold it.
absl::Status ToWire(const RoomId& room, const HistoryPage& page, ::common::ChatHistoryReply* reply);
void ToWire(const std::vector<const ChatMessage*>& messages, const RoomId& room, int64_t position,
            ::usher::chat::v1::WatchReply* reply);

// A position as clients keep it: opaque to them, and of this room alone.
std::string PositionToWire(const RoomId& room, int64_t position);

}  // namespace usher::room
