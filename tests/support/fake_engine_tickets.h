// Media engines that want to be shown something, or nothing.
#pragma once

#include <string>
#include <vector>

#include "services/room/engine_tickets.h"

namespace usher::room {

// Not thread-safe.
class FakeEngineTickets final : public EngineTickets {
 public:
  std::string TicketFor(const CallContext&, const Entrance& entrance) override {
    asked.push_back(entrance);
    return ticket;
  }

  std::string ticket;           // that everybody gets
  std::vector<Entrance> asked;  // so far
};

}  // namespace usher::room
