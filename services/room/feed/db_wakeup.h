// Wake-ups through the database's notifications.
#pragma once

#include <memory>
#include <string>

#include "common/db/notifications.h"
#include "services/room/feed/feed.h"
#include "services/room/feed/wakeup.h"

namespace usher::room {

class DbWakeup final : public Wakeup {
 public:
  // `notifications` must outlive it. `channel`: one for each feed, the same in all processes.
  DbWakeup(db::Notifications& notifications, std::string channel)
      : notifications_(notifications), channel_(std::move(channel)) {}

  void Written(const Topic& topic) override;

  // As long as it lasts `feed` is called by what any process has announced, and to look everywhere
  // when something may have been missed.
  std::unique_ptr<db::Notifications::Subscription> Wake(Feed& feed);

 private:
  db::Notifications& notifications_;
  const std::string channel_;
};

}  // namespace usher::room
