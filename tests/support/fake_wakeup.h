// Remembers what was written, and wakes a feed as the database does.
#pragma once

#include <vector>

#include "services/room/feed/feed.h"
#include "services/room/feed/wakeup.h"

namespace usher::room {

// Not thread-safe.
class FakeWakeup final : public Wakeup {
 public:
  // `feed` may be null: what is announced is lost.
  explicit FakeWakeup(Feed* feed = nullptr) : feed_(feed) {}

  void Written(const Topic& topic) override {
    written.push_back(topic);
    if (feed_ != nullptr) feed_->Look(topic);
  }

  std::vector<Topic> written;

 private:
  Feed* const feed_;
};

}  // namespace usher::room
