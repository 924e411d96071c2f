// A port: telling that there is something new in a room, to this process and to all others.
#pragma once

#include "common/base/id.h"

namespace usher::room {

// Thread-safe.
class ChatWakeup {
 public:
  virtual ~ChatWakeup() = default;

  // After what is new was committed. Never waits; a hint, which may be lost.
  virtual void Written(const CompanyId& company, const RoomId& room) = 0;
};

}  // namespace usher::room
