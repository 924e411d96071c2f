// What media engines that do not take our tokens want to be shown instead.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/room/occupant.h"

namespace usher::room {

// Somebody who is about to enter a room, and what they may do in it.
struct Entrance {
  CompanyId company;
  RoomId room;
  Person person;
  std::string display_name;  // of guests
  RoomRights rights;
  absl::Time expires_at;  // of the join token: a ticket lasts no longer
};

// A port. Thread-safe. Blocks, for a second at most.
class EngineTickets {
 public:
  virtual ~EngineTickets() = default;

  // What follows the token in a join link, "&name=value" with values percent-encoded; empty where
  // the company's engine takes the token itself.
  virtual std::string TicketFor(const CallContext& call, const Entrance& entrance) = 0;
};

}  // namespace usher::room
