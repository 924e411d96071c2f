// Wake-ups of chat through the database's notifications.
#pragma once

#include <memory>

#include "common/db/notifications.h"
#include "services/room/chat/chat_feed.h"
#include "services/room/chat/chat_wakeup.h"

namespace usher::room {

class DbChatWakeup final : public ChatWakeup {
 public:
  // Both must outlive it. Wakes `feed`, of this process, by what any process announces.
  DbChatWakeup(db::Notifications& notifications, ChatFeed& feed);

  void Written(const CompanyId& company, const RoomId& room) override;

 private:
  db::Notifications& notifications_;
  const std::unique_ptr<db::Notifications::Subscription> subscription_;
};

}  // namespace usher::room
