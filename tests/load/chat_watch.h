// How long a chat message takes to all who watch its room.
#pragma once

#include <load.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::load {

struct ChatWatchOptions {
  std::vector<std::string> addresses;  // of the servers; the watchers sit on them in turn
  int watchers = 1000;
  int messages = 200;
  double rate = 10;  // messages a second, sent to the first server
};

struct ChatWatchResult {
  int64_t heard = 0;         // messages, by all watchers together
  int64_t out_of_order = 0;  // those that did not follow the one before
  absl::Duration median;     // from before the sending to having been read
  absl::Duration percentile99;
  absl::Duration longest;
};

// Makes a room in which everybody in the seed's company may chat. kDeadlineExceeded when a watcher
// does not hear everything within 10 seconds of the last message.
absl::StatusOr<ChatWatchResult> WatchChat(const ChatWatchOptions& options, const v1::Seed& seed);

}  // namespace usher::load
