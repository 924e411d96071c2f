#include "services/room/chat/chat_wire.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/rpc/id_wire.h"
#include "common/rpc/page_limit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/language_tag.h"
#include "common/text/text_rules.h"
#include "services/room/chat/chat_errors.h"

namespace usher::room {
namespace {

// The end of a room's ID, whose beginning is the time of its creation: a position of another room
// is no position here.
absl::string_view MarkOf(const RoomId& room) {
  constexpr size_t kDigits = 8;
  const absl::string_view id = room.value();
  return id.substr(id.size() - std::min(id.size(), kDigits));
}

// "<mark>.<number>..." with this many numbers, none of them negative; nothing where it is something
// else.
std::optional<std::vector<int64_t>> Numbers(const RoomId& room, absl::string_view text,
                                            size_t count) {
  constexpr size_t kLongest = 64;
  if (text.size() > kLongest) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  if (parts.size() != count + 1 || parts[0] != MarkOf(room)) return std::nullopt;
  std::vector<int64_t> numbers;
  for (size_t i = 1; i < parts.size(); ++i) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(parts[i], &number) || number < 0) return std::nullopt;
    numbers.push_back(number);
  }
  return numbers;
}

std::string PageToWire(const RoomId& room, const ChatPageEnd& end) {
  return absl::StrCat(MarkOf(room), ".", absl::ToUnixMicros(end.sent_at), ".", end.position);
}

absl::StatusOr<ChatPageEnd> PageFromWire(const RoomId& room, const std::string& raw) {
  const auto numbers = Numbers(room, raw, 2);
  if (!numbers || absl::FromUnixMicros(numbers->front()) > kEndOfTime) {
    return FieldMalformed("page", "is no page of this room's history");
  }
  return ChatPageEnd{absl::FromUnixMicros(numbers->front()), numbers->back()};
}

absl::StatusOr<SubRoomId> SubRoomFromWire(absl::string_view field, const std::string& raw) {
  if (raw.empty()) return SubRoomId();
  // As rooms take them, and what older releases have let in. A longer one is just not there.
  const absl::StatusOr<std::string> id = text::Name(field, raw);
  if (!id.ok()) return SubRoomIdMalformed(field, raw);
  return SubRoomId(*id);
}

absl::StatusOr<ChatScope> ScopeFromWire(absl::string_view field, const std::string& sub_room,
                                        bool everywhere) {
  ChatScope scope;
  scope.everywhere = everywhere;
  ASSIGN_OR_RETURN(scope.sub_room, SubRoomFromWire(field, sub_room));
  if (everywhere && !scope.sub_room.empty()) {
    return FieldMalformed(field, "names a sub-room, where all of them are asked for");
  }
  return scope;
}

absl::StatusOr<std::vector<RoomId>> ReceiversFromWire(const ::common::ChatMessage& wire) {
  constexpr char kField[] = "chatMessage.receiver";
  if (wire.receiver().empty()) return FieldMissing(kField);
  if (static_cast<size_t>(wire.receiver_size()) > kMostChatReceivers) {
    return FieldTooLong(kField, kMostChatReceivers);
  }
  std::set<RoomId> rooms;
  for (const std::string& raw : wire.receiver()) {
    ASSIGN_OR_RETURN(RoomId room, RoomIdFromWire(kField, raw));
    rooms.insert(std::move(room));
  }
  return std::vector<RoomId>(rooms.begin(), rooms.end());
}

void TextToWire(const ChatText& text, ::common::ChatMessage* wire) {
  wire->set_text(text.text);
  wire->set_broadcast(text.broadcast);
  wire->set_subroomid(text.sub_room.value());
  wire->set_language(text.language);
  wire->set_sourcelanguage(text.source_language);
}

void ToWire(const ChatMessage& message, ::common::ChatMessage* wire) {
  TextToWire(message, wire);
  wire->set_sender(message.sender.value());
  // Of other rooms that it went to, whoever sees it may not know.
  wire->add_receiver(message.room.value());
  wire->set_time(absl::ToUnixSeconds(message.sent_at));
  wire->set_id(message.id);
}

}  // namespace

absl::StatusOr<ChatDraft> FromWire(const ::common::ChatSendRequest& request) {
  if (!request.has_chatmessage()) return FieldMissing("chatMessage");
  const ::common::ChatMessage& wire = request.chatmessage();
  ChatDraft draft;
  ASSIGN_OR_RETURN(draft.rooms, ReceiversFromWire(wire));
  ASSIGN_OR_RETURN(draft.sub_room, SubRoomFromWire("chatMessage.subRoomId", wire.subroomid()));
  draft.broadcast = wire.broadcast();
  ASSIGN_OR_RETURN(draft.text, text::Prose("chatMessage.text", wire.text(), kLongestChatText));
  ASSIGN_OR_RETURN(draft.language,
                   text::OptionalLanguageTag("chatMessage.language", wire.language()));
  ASSIGN_OR_RETURN(draft.source_language,
                   text::OptionalLanguageTag("chatMessage.sourceLanguage", wire.sourcelanguage()));
  return draft;
}

absl::StatusOr<HistoryWish> FromWire(const ::common::ChatHistoryRequest& request) {
  HistoryWish wish;
  ASSIGN_OR_RETURN(wish.room, RoomIdFromWire("receiver", request.receiver()));
  ASSIGN_OR_RETURN(wish.scope,
                   ScopeFromWire("subRoomId", request.subroomid(), request.allsubrooms()));
  if (request.from() < 0) return FieldOutOfRange("from", "lies before 1970");
  if (request.to() < 0) return FieldOutOfRange("to", "lies before 1970");
  const int64_t end = absl::ToUnixSeconds(kEndOfTime);
  wish.from = absl::FromUnixSeconds(std::min(request.from(), end));
  // The second that it names is within the span.
  if (request.to() != 0) wish.until = absl::FromUnixSeconds(std::min(request.to(), end - 1) + 1);
  if (wish.until <= wish.from) return FieldOutOfRange("to", "lies before from");
  ASSIGN_OR_RETURN(wish.limit, PageLimitFromWire(request.limit()));
  if (!request.page().empty()) {
    ASSIGN_OR_RETURN(wish.page, PageFromWire(wish.room, request.page()));
  }
  return wish;
}

absl::StatusOr<WatchWish> FromWire(const ::usher::chat::v1::WatchRequest& request) {
  WatchWish wish;
  ASSIGN_OR_RETURN(wish.room, RoomIdFromWire("receiver", request.receiver()));
  ASSIGN_OR_RETURN(wish.scope,
                   ScopeFromWire("sub_room_id", request.sub_room_id(), request.all_sub_rooms()));
  if (request.position().empty()) return wish;
  const auto numbers = Numbers(wish.room, request.position(), 1);
  if (!numbers) return FieldMalformed("position", "is no position of this room");
  wish.after = numbers->front();
  return wish;
}

void ToWire(const ChatDraft& draft, const UserId& sender, const ChatReceipt& receipt,
            ::common::ChatSendReply* reply) {
  ::common::ChatMessage* wire = reply->mutable_chatmessage();
  TextToWire(draft, wire);
  wire->set_sender(sender.value());
  for (const RoomId& room : draft.rooms) wire->add_receiver(room.value());
  wire->set_time(absl::ToUnixSeconds(receipt.sent_at));
  wire->set_id(receipt.id);
}

absl::Status ToWire(const RoomId& room, const HistoryPage& page,
                    ::common::ChatHistoryReply* reply) {
  for (const ChatMessage& message : page.messages) ToWire(message, reply->add_chatmessage());
  if (page.next) reply->set_nextpage(PageToWire(room, *page.next));
  if (page.position) reply->set_position(PositionToWire(room, *page.position));
  return rpc::HoldToLargest(HistoryTooLarge(), reply);
}

void ToWire(const std::vector<const ChatMessage*>& messages, const RoomId& room, int64_t position,
            ::usher::chat::v1::WatchReply* reply) {
  for (const ChatMessage* message : messages) ToWire(*message, reply->add_chatmessage());
  reply->set_position(PositionToWire(room, position));
}

std::string PositionToWire(const RoomId& room, int64_t position) {
  return absl::StrCat(MarkOf(room), ".", position);
}

}  // namespace usher::room
