// A port: telling this process and all others that there is news.
#pragma once

#include "services/room/feed/topic.h"

namespace usher::room {

// Thread-safe.
class Wakeup {
 public:
  virtual ~Wakeup() = default;

  // After what is new was committed. Never waits; a hint, which may be lost.
  virtual void Written(const Topic& topic) = 0;
};

}  // namespace usher::room
