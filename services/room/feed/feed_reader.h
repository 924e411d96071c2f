// What one feed reads, and whom it tells.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/room/feed/topic.h"

namespace usher::room {

class Feed;

// Called by the thread of its feed alone.
class FeedReader {
 public:
  virtual ~FeedReader() = default;

  // Once a round, before all else: takes in who has come.
  virtual void TakeIn() = 0;
  virtual bool Follows(const Topic& topic) const = 0;
  virtual std::vector<Topic> Followed() const = 0;

  // Reads what is new at topics of one company, and tells it. Answers at which of them there is
  // more. Topics that nobody follows any more are passed by. After a failure it is done again.
  virtual absl::StatusOr<std::vector<Topic>> Read(Feed& feed, const std::vector<Topic>& topics) = 0;

  // What is due besides. Answers when it is to be called again, if there is nothing new before.
  virtual absl::StatusOr<absl::Time> DoWhatIsDue(Feed& feed) = 0;
};

}  // namespace usher::room
