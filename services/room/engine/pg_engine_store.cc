#include "services/room/engine/pg_engine_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/db/retention.h"
#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/try.h"
#include "services/room/engine/asked_people.h"
#include "services/room/engine/engine_sql.h"
#include "services/room/engine/occupants_text.h"
#include "services/room/room_errors.h"

namespace usher::room {
namespace {

// Whom a command is for has been told by its next report meanwhile.
constexpr absl::Duration kCommandLifetime = absl::Hours(1);

db::Param Micros(absl::Duration duration) { return absl::ToInt64Microseconds(duration); }

Crowd CrowdOf(const std::vector<Occupant>& occupants) {
  Crowd crowd;
  for (const Occupant& occupant : occupants) {
    if (!IsOnline(occupant.state)) continue;
    ++(occupant.spectator ? crowd.passive : crowd.active);
  }
  return crowd;
}

Crowd CrowdIn(const db::Row& row, int column) {
  return {static_cast<uint32_t>(row.Int(column)), static_cast<uint32_t>(row.Int(column + 1))};
}

std::vector<std::string> RoomsOf(const Report& report) {
  std::vector<std::string> rooms;
  rooms.reserve(report.rooms.size());
  for (const RoomReport& room : report.rooms) rooms.push_back(room.room.value());
  return rooms;
}

// Those of the rooms reported that exist, which stay as they are until the transaction ends; by
// their IDs, so that two reports write in one order.
absl::StatusOr<std::vector<const RoomReport*>> LockRooms(db::Transaction& tx,
                                                         const CompanyId& company,
                                                         const Report& report) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kLockReported, {company, db::Param::Array(RoomsOf(report))}));
  absl::flat_hash_set<std::string> there;
  for (size_t i = 0; i < rows.size(); ++i) there.insert(rows[i].Text(0));
  std::vector<const RoomReport*> known;
  for (const RoomReport& room : report.rooms) {
    if (there.contains(room.room.value())) known.push_back(&room);
  }
  std::sort(known.begin(), known.end(),
            [](const RoomReport* a, const RoomReport* b) { return a->room < b->room; });
  return known;
}

absl::Status WriteRooms(db::Transaction& tx, const CompanyId& company, const EngineId& engine,
                        const std::vector<const RoomReport*>& known) {
  if (known.empty()) return absl::OkStatus();
  std::vector<std::string> rooms;
  std::vector<std::string> occupants;
  std::vector<std::string> active;
  std::vector<std::string> passive;
  for (const RoomReport* report : known) {
    const Crowd crowd = CrowdOf(report->occupants);
    rooms.push_back(report->room.value());
    occupants.push_back(OccupantsText(report->occupants));
    active.push_back(absl::StrCat(crowd.active));
    passive.push_back(absl::StrCat(crowd.passive));
  }
  return tx
      .Execute(sql::kWriteReport,
               {company, engine, db::Param::Array(rooms), db::Param::Array(occupants),
                db::Param::Array(active), db::Param::Array(passive)})
      .status();
}

absl::Status ForgetRest(db::Transaction& tx, const CompanyId& company, const Report& report) {
  if (!report.closed.empty()) {
    RETURN_IF_ERROR(
        tx.Execute(sql::kForgetClosed, {company, report.engine, db::Param::Array(report.closed)})
            .status());
  }
  if (!report.all_rooms) return absl::OkStatus();
  return tx.Execute(sql::kForgetOthers, {company, report.engine, db::Param::Array(RoomsOf(report))})
      .status();
}

absl::StatusOr<ReportOutcome> Judge(db::Transaction& tx, const CompanyId& company,
                                    const Report& report,
                                    const std::vector<const RoomReport*>& known) {
  ReportOutcome outcome;
  absl::flat_hash_set<RoomId> there;
  std::vector<Asked> asked;
  for (const RoomReport* room : known) {
    there.insert(room->room);
    AddToBeJudged(room->room, room->occupants, &asked);
  }
  for (const RoomReport& room : report.rooms) {
    if (!there.contains(room.room)) outcome.unknown.push_back(room.room);
  }
  if (asked.empty()) return outcome;
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindRights, FindRightsParams(company, asked, true)));
  outcome.expelled = WhoMayNot(rows, asked);
  return outcome;
}

Command CommandIn(const db::Row& row) {
  Command command;
  command.id = CommandId(row.Text(1));
  command.order = {static_cast<CommandKind>(row.Int(2)), RoomId(row.Text(3)), UserId(row.Text(4)),
                   static_cast<Reason>(row.Int(5))};
  return command;
}

}  // namespace

absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> PgEngineStore::ListOccupants(
    const CallContext& call, const CompanyId& company, const std::vector<RoomId>& rooms) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListOccupants,
                               {company, db::Param::Array(rooms), Micros(lifetime_),
                                static_cast<uint64_t>(rpc::kLargestContent)}));
  std::map<RoomId, std::map<UserId, Occupant>> merged;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].IsNull(1)) return StatusTooLarge();
    std::map<UserId, Occupant>& users = merged[RoomId(rows[i].Text(0))];
    for (Occupant& occupant : OccupantsOf(rows[i].View(1))) {
      const auto [at, is_new] = users.emplace(occupant.person.user, occupant);
      if (!is_new && !IsOnline(at->second.state)) at->second = std::move(occupant);
    }
  }
  std::map<RoomId, std::vector<Occupant>> occupants;
  for (auto& [room, users] : merged) {
    std::vector<Occupant>& in_room = occupants[room];
    in_room.reserve(users.size());
    for (auto& [id, occupant] : users) in_room.push_back(std::move(occupant));
  }
  return occupants;
}

absl::StatusOr<RoomCrowd> PgEngineStore::Count(const CallContext& call, const CompanyId& company,
                                               const RoomId& room, const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kCountOccupants,
                                                    {company, room, Micros(lifetime_), user}));
  return RoomCrowd{CrowdIn(rows[0], 0), rows[0].Bool(2)};
}

absl::StatusOr<ReportOutcome> PgEngineStore::Take(const CallContext& call, const CompanyId& company,
                                                  const Report& report) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<ReportOutcome> {
    ASSIGN_OR_RETURN(const std::vector<const RoomReport*> known, LockRooms(tx, company, report));
    RETURN_IF_ERROR(WriteRooms(tx, company, report.engine, known));
    RETURN_IF_ERROR(ForgetRest(tx, company, report));
    return Judge(tx, company, report, known);
  });
}

absl::StatusOr<std::vector<RoomPlaces>> PgEngineStore::FindPlaces(
    const CallContext& call, const CompanyId& company, const EngineId& engine,
    const std::vector<RoomId>& rooms) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kFindPlaces,
                                                    {company, db::Param::Array(rooms),
                                                     Micros(lifetime_), engine.value()}));
  absl::flat_hash_map<std::string, RoomPlaces> found;
  for (size_t i = 0; i < rows.size(); ++i) {
    RoomPlaces& places = found[rows[i].Text(0)];
    places.room = RoomId(rows[i].Text(0));
    places.active_participants = static_cast<uint32_t>(rows[i].Int(1));
    places.passive_participants = static_cast<uint32_t>(rows[i].Int(2));
    places.allow_spectators = rows[i].Bool(3);
    places.elsewhere = CrowdIn(rows[i], 4);
  }
  std::vector<RoomPlaces> in_order;
  for (const RoomId& room : rooms) {
    if (const auto at = found.find(room.value()); at != found.end()) in_order.push_back(at->second);
  }
  return in_order;
}

absl::StatusOr<std::vector<RoomRights>> PgEngineStore::FindRights(const CallContext& call,
                                                                  const CompanyId& company,
                                                                  const std::vector<Asked>& asked) {
  std::vector<RoomRights> rights(asked.size());
  if (asked.empty()) return rights;
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kFindRights,
                                                    FindRightsParams(company, asked, false)));
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t place = PlaceOf(rows[i]);
    rights[place] = EffectiveRightsIn(rows[i], asked[place].person);
  }
  return rights;
}

absl::StatusOr<std::vector<std::vector<Command>>> PgEngineStore::ListCommands(
    const CallContext& call, const CompanyId& company, const std::vector<EngineId>& engines,
    uint32_t most) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kListCommands,
                                                    {company, db::Param::Array(engines), most}));
  std::vector<std::vector<Command>> commands(engines.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    commands[PlaceOf(rows[i])].push_back(CommandIn(rows[i]));
  }
  return commands;
}

absl::Status PgEngineStore::Acknowledge(const CallContext& call, const CompanyId& company,
                                        const EngineId& engine, const std::vector<CommandId>& ids) {
  return db::Execute(call, pool_, sql::kAcknowledge, {company, engine, db::Param::Array(ids)})
      .status();
}

absl::StatusOr<int64_t> PgEngineStore::ForgetOld(const CallContext& call, int64_t most) {
  ASSIGN_OR_RETURN(const int64_t reports,
                   db::ForgetByCompany(call, pool_, sql::kFindOldPresence, sql::kForgetOldPresence,
                                       most, {Micros(lifetime_)}));
  ASSIGN_OR_RETURN(const int64_t commands,
                   db::ForgetByCompany(call, pool_, sql::kFindOldCommands, sql::kForgetOldCommands,
                                       most - reports, {Micros(kCommandLifetime)}));
  return reports + commands;
}

}  // namespace usher::room
