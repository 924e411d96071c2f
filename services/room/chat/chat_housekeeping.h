// Forgets what has been said long ago, or in rooms that are destroyed.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/repeating.h"
#include "services/room/chat/chat_store.h"

namespace usher::room {

// A thread that looks once a minute. Any number of replicas may do it at once.
class ChatHousekeeping {
 public:
  // Messages older than `retention` go; zero: they stay for ever. `registry` may be null.
  ChatHousekeeping(ChatStore& store, absl::Duration retention, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // One round.
  absl::Status CleanUp();

 private:
  ChatStore& store_;
  const absl::Duration retention_;
  Repeating repeating_;
};

}  // namespace usher::room
