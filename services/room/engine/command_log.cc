#include "services/room/engine/command_log.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/room/engine/asked_people.h"
#include "services/room/engine/command.h"
#include "services/room/engine/engine_sql.h"
#include "services/room/engine/occupants_text.h"

namespace usher::room {
namespace {

// Of more changed entries it is only said that there are some.
constexpr size_t kMostNamed = 100;

struct EnginesIn {
  std::vector<EngineId> engines;
  std::vector<Occupant> occupants;  // of all of them
};

absl::StatusOr<EnginesIn> FindEnginesIn(db::Transaction& tx, const CompanyId& company,
                                        const RoomId& room, absl::Duration lifetime) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.Execute(sql::kFindEnginesIn, {company, room, absl::ToInt64Microseconds(lifetime)}));
  EnginesIn found;
  for (size_t i = 0; i < rows.size(); ++i) {
    found.engines.emplace_back(rows[i].Text(0));
    for (Occupant& occupant : OccupantsOf(rows[i].View(1))) {
      found.occupants.push_back(std::move(occupant));
    }
  }
  return found;
}

// Each order for each engine, in one order of theirs, so that two who write do not wait for each
// other.
absl::Status Write(db::Transaction& tx, const CompanyId& company, std::vector<EngineId> engines,
                   std::vector<Order> orders) {
  std::sort(engines.begin(), engines.end());
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) {
    return std::tie(a.kind, a.room, a.user) < std::tie(b.kind, b.room, b.user);
  });
  orders.erase(std::unique(orders.begin(), orders.end()), orders.end());
  std::vector<std::string> columns[6];
  for (const EngineId& engine : engines) {
    for (const Order& order : orders) {
      columns[0].push_back(engine.value());
      columns[1].push_back(NewUuid());
      columns[2].push_back(absl::StrCat(static_cast<int>(order.kind)));
      columns[3].push_back(order.room.value());
      columns[4].push_back(order.user.value());
      columns[5].push_back(absl::StrCat(static_cast<int>(order.reason)));
    }
  }
  if (columns[0].empty()) return absl::OkStatus();
  std::vector<db::Param> params = {company};
  for (const std::vector<std::string>& column : columns) params.push_back(db::Param::Array(column));
  return tx.Execute(sql::kWriteCommands, params).status();
}

bool ChangesDefaults(const RoomChange& change) {
  return change.default_rights.has_value() || change.remove_default_rights;
}

std::vector<Order> NewsOf(const RoomId& room, const RoomChange& change) {
  std::vector<Order> orders = {{CommandKind::kRoomChanged, room, UserId(), Reason::kNone}};
  if (ChangesDefaults(change) || change.entries.size() > kMostNamed) {
    orders.push_back({CommandKind::kPermissionsChanged, room, UserId(), Reason::kNone});
    return orders;
  }
  for (const auto& entry : change.entries) {
    orders.push_back({CommandKind::kPermissionsChanged, room, entry.first, Reason::kNone});
  }
  return orders;
}

// Those whose rights the change may have taken.
std::vector<Asked> WhoIsConcerned(const RoomId& room, const RoomChange& change,
                                  std::vector<Occupant> occupants) {
  std::vector<Asked> asked;
  if (!ChangesDefaults(change)) {
    const auto is_left_alone = [&change](const Occupant& occupant) {
      return change.entries.count(occupant.person.subject) == 0;
    };
    occupants.erase(std::remove_if(occupants.begin(), occupants.end(), is_left_alone),
                    occupants.end());
  }
  AddToBeJudged(room, occupants, &asked);
  return asked;
}

}  // namespace

absl::Status CommandLog::Updated(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                 const RoomChange& change) {
  ASSIGN_OR_RETURN(EnginesIn found, FindEnginesIn(tx, company, id, lifetime_));
  if (found.engines.empty()) return absl::OkStatus();
  std::vector<Order> orders = NewsOf(id, change);
  const std::vector<Asked> asked = WhoIsConcerned(id, change, found.occupants);
  if (!asked.empty()) {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.Execute(sql::kFindRights, FindRightsParams(company, asked, true)));
    for (const Expelled& expelled : WhoMayNot(rows, asked)) {
      orders.push_back({CommandKind::kPutOut, id, expelled.user, Reason::kJoinTakenAway});
    }
  }
  return Tell(tx, company, std::move(found.engines), std::move(orders));
}

absl::Status CommandLog::Removed(db::Transaction& tx, const CompanyId& company, const RoomId& id) {
  ASSIGN_OR_RETURN(EnginesIn found, FindEnginesIn(tx, company, id, lifetime_));
  RETURN_IF_ERROR(tx.Execute(sql::kForgetPresence, {company, id}).status());
  return Tell(tx, company, std::move(found.engines),
              {{CommandKind::kCloseRoom, id, UserId(), Reason::kRoomDestroyed}});
}

absl::Status CommandLog::Forgotten(db::Transaction& tx, const CompanyId& company,
                                   const UserId& user) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindEngines, {company, absl::ToInt64Microseconds(lifetime_)}));
  std::vector<EngineId> engines;
  for (size_t i = 0; i < rows.size(); ++i) engines.emplace_back(rows[i].Text(0));
  return Tell(tx, company, std::move(engines),
              {{CommandKind::kPutOut, RoomId(), user, Reason::kUserRemoved}});
}

absl::Status CommandLog::Tell(db::Transaction& tx, const CompanyId& company,
                              std::vector<EngineId> engines, std::vector<Order> orders) {
  RETURN_IF_ERROR(Write(tx, company, engines, std::move(orders)));
  tx.AfterCommit([this, company, engines = std::move(engines)] {
    for (const EngineId& engine : engines) wakeup_.Written({company, engine.value()});
  });
  return absl::OkStatus();
}

}  // namespace usher::room
