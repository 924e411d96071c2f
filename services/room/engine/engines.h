// What media engines can do: who may, which rules hold, what is kept.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "services/room/engine/command_feed.h"
#include "services/room/engine/engine_store.h"

namespace usher::room {

// Rooms, each with those who are asked about.
struct RightsQuestion {
  EngineId engine;  // empty: does not say
  std::vector<RoomId> rooms;
  std::vector<Asked> people;  // in these rooms
};

struct RightsAnswer {
  std::vector<RoomPlaces> rooms;   // those that there are, in the order asked
  std::vector<RoomRights> rights;  // of the people, in the order asked
};

// Thread-safe. All of it takes ROOM_ADMIN, and stays inside the caller's company.
class Engines {
 public:
  Engines(EngineStore& store, CommandFeed& feed) : store_(store), feed_(feed) {}

  absl::StatusOr<ReportOutcome> Report(const Caller& caller, const room::Report& report);
  absl::StatusOr<RightsAnswer> FindRights(const Caller& caller, const RightsQuestion& question);
  // Sends commands from now on. Overloaded.
  absl::Status Watch(const Caller& caller, const EngineId& engine,
                     std::shared_ptr<CommandSink> sink);
  absl::Status Acknowledge(const Caller& caller, const EngineId& engine,
                           const std::vector<CommandId>& ids);

 private:
  EngineStore& store_;
  CommandFeed& feed_;
};

}  // namespace usher::room
