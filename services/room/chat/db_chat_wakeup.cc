#include "services/room/chat/db_chat_wakeup.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher::room {
namespace {

constexpr char kChannel[] = "usher_chat";

// A payload: the company, a space, the room.
void WakeUp(ChatFeed& feed, const std::string& payload) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(payload, absl::MaxSplits(' ', 1));
  const std::optional<std::string> room = CanonicalUuid(parts.second);
  if (payload.empty() || !room) {
    feed.LookEverywhere();
  } else {
    feed.Look(CompanyId(parts.first), RoomId(*room));
  }
}

}  // namespace

DbChatWakeup::DbChatWakeup(db::Notifications& notifications, ChatFeed& feed)
    : notifications_(notifications),
      subscription_(notifications.Subscribe(
          kChannel, [&feed](const std::string& payload) { WakeUp(feed, payload); })) {}

void DbChatWakeup::Written(const CompanyId& company, const RoomId& room) {
  notifications_.Announce(kChannel, absl::StrCat(company.value(), " ", room.value()));
}

}  // namespace usher::room
