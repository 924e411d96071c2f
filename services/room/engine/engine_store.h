// What engines have told, and what they are to be told.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/room/engine/command.h"
#include "services/room/presence.h"

namespace usher::room {

struct RoomReport {
  RoomId room;
  std::vector<Occupant> occupants;  // no user twice
};

struct Report {
  EngineId engine;
  std::vector<RoomReport> rooms;  // no room twice
  std::vector<RoomId> closed;     // none of `rooms`
  bool all_rooms = false;         // the engine has no others
};

struct Expelled {
  RoomId room;
  UserId user;

  friend bool operator==(const Expelled&, const Expelled&) = default;
};

// What the engine has to put right.
struct ReportOutcome {
  std::vector<RoomId> unknown;  // of the rooms reported: not there
  std::vector<Expelled> expelled;
};

// Somebody, and in which room they are asked about.
struct Asked {
  RoomId room;
  Person person;
};

// The settings of a room that an engine enforces.
struct RoomPlaces {
  RoomId room;
  uint32_t active_participants = 0;   // 0: no limit
  uint32_t passive_participants = 0;  // likewise
  bool allow_spectators = false;
  Crowd elsewhere;  // at other engines
};

// Thread-safe. Every method stays inside one company. Errors besides those named: sql_error.h.
class EngineStore : public Presence {
 public:
  // Keeps what is reported, in place of what this engine said before of these rooms, all or
  // nothing. Who may not be where they are is judged after the rooms were locked: of what changes
  // meanwhile either the report knows, or the change knows of the report.
  virtual absl::StatusOr<ReportOutcome> Take(const CallContext& call, const CompanyId& company,
                                             const Report& report) = 0;

  // Those of the rooms that there are, in the order asked.
  virtual absl::StatusOr<std::vector<RoomPlaces>> FindPlaces(const CallContext& call,
                                                             const CompanyId& company,
                                                             const EngineId& engine,
                                                             const std::vector<RoomId>& rooms) = 0;
  // The effective rights, in the order asked; none at all for rooms that there are not.
  virtual absl::StatusOr<std::vector<RoomRights>> FindRights(const CallContext& call,
                                                             const CompanyId& company,
                                                             const std::vector<Asked>& asked) = 0;

  // What each of the engines has not acknowledged, in the order asked: the oldest first, at most
  // `most` each.
  virtual absl::StatusOr<std::vector<std::vector<Command>>> ListCommands(
      const CallContext& call, const CompanyId& company, const std::vector<EngineId>& engines,
      uint32_t most) = 0;
  // Unknown ones have been acknowledged.
  virtual absl::Status Acknowledge(const CallContext& call, const CompanyId& company,
                                   const EngineId& engine, const std::vector<CommandId>& ids) = 0;

  // Deletes what was not renewed in time, and commands that nobody has asked for in an hour: of all
  // companies, at most `most` rows. Answers how many there were.
  virtual absl::StatusOr<int64_t> ForgetOld(const CallContext& call, int64_t most) = 0;
};

}  // namespace usher::room
