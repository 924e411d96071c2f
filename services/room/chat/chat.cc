#include "services/room/chat/chat.h"

#include <algorithm>
#include <utility>

#include "common/status/try.h"
#include "services/room/chat/chat_errors.h"
#include "services/room/room_errors.h"
#include "services/room/viewer.h"

namespace usher::room {
namespace {

// The messages that one statement deletes.
constexpr uint32_t kMessagesAtOnce = 1000;

}  // namespace

absl::StatusOr<ChatReceipt> Chat::Send(const Caller& caller, const ChatDraft& draft) {
  for (const RoomId& room : draft.rooms) {
    if (!TokenReaches(caller, room)) return RoomNotFound();
  }
  const Viewer viewer = ViewerOf(caller);
  const DecideSend decide =
      [&](const std::vector<std::optional<ChatAccess>>& rooms) -> absl::Status {
    for (const std::optional<ChatAccess>& access : rooms) {
      RETURN_IF_ERROR(CheckMayWrite(viewer, access, draft));
    }
    return absl::OkStatus();
  };
  const absl::StatusOr<ChatReceipt> receipt = store_.Append(
      caller.call(), viewer.company, viewer.subject, caller.user(), NewUuid(), draft, decide);
  // Also where nobody knows whether it was written.
  if (receipt.ok() || absl::IsDeadlineExceeded(receipt.status())) {
    for (const RoomId& room : draft.rooms) wakeup_.Written({viewer.company, room.value()});
  }
  return receipt;
}

absl::StatusOr<HistoryPage> Chat::History(const Caller& caller, const HistoryWish& wish) {
  const Viewer viewer = ViewerOf(caller);
  RETURN_IF_ERROR(RequireMayRead(caller, viewer, wish.room, wish.scope));
  ChatSpan span;
  span.scope = wish.scope;
  span.from = wish.from;
  span.until = wish.until;
  span.limit = wish.limit;
  HistoryPage page;
  if (wish.page) {
    span.until = std::min(span.until, wish.page->sent_at);
    if (span.until == wish.page->sent_at) span.before = wish.page->position;
  } else {
    // Before the list: what is written in between belongs to those who watch.
    ASSIGN_OR_RETURN(const ChatPlace place,
                     store_.FindPlace(caller.call(), viewer.company, wish.room));
    span.newest = place.last;
    page.position = place.last;
  }
  ASSIGN_OR_RETURN(ChatPageRead read, store_.List(caller.call(), viewer.company, wish.room, span));
  if (read.more && !read.messages.empty()) {
    const ChatMessage& oldest = read.messages.back();
    page.next = ChatPageEnd{oldest.sent_at, oldest.position};
  }
  page.messages = std::move(read.messages);
  std::reverse(page.messages.begin(), page.messages.end());
  return page;
}

absl::Status Chat::Watch(const Caller& caller, const WatchWish& wish,
                         std::shared_ptr<ChatListener> listener) {
  const Viewer viewer = ViewerOf(caller);
  RETURN_IF_ERROR(RequireMayRead(caller, viewer, wish.room, wish.scope));
  ASSIGN_OR_RETURN(const ChatPlace place,
                   store_.FindPlace(caller.call(), viewer.company, wish.room));
  const int64_t after = wish.after.value_or(place.last);
  if (after > place.last) return PositionAhead();
  if (!listener->Begin(after, HasGap(place, after))) return absl::OkStatus();
  feed_.Add({viewer, wish.room, wish.scope, after, place.last}, std::move(listener));
  return absl::OkStatus();
}

absl::Status Chat::ForgetUser(const CallContext& call, const CompanyId& company,
                              const UserId& user) {
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(more, store_.ForgetSender(call, company, user, kMessagesAtOnce));
  }
  return absl::OkStatus();
}

absl::Status Chat::RequireMayRead(const Caller& caller, const Viewer& viewer, const RoomId& room,
                                  const ChatScope& scope) {
  if (!TokenReaches(caller, room)) return RoomNotFound();
  ASSIGN_OR_RETURN(const auto accesses,
                   store_.FindAccesses(caller.call(), viewer.company,
                                       {ChatAsker{room, viewer.subject, scope.sub_room}}));
  return CheckMayRead(viewer, accesses.front(), scope);
}

}  // namespace usher::room
