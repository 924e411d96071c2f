#include "services/room/feed/db_wakeup.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher::room {

// A payload: the company, a space, the topic's name.
void DbWakeup::Written(const Topic& topic) {
  notifications_.Announce(channel_, absl::StrCat(topic.company.value(), " ", topic.name));
}

std::unique_ptr<db::Notifications::Subscription> DbWakeup::Wake(Feed& feed) {
  return notifications_.Subscribe(channel_, [&feed](const std::string& payload) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(payload, absl::MaxSplits(' ', 1));
    if (parts.second.empty()) {
      feed.LookEverywhere();
    } else {
      feed.Look({CompanyId(parts.first), parts.second});
    }
  });
}

}  // namespace usher::room
