// What the contracts of an EngineStore stand on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/room/engine/engine_store.h"
#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

inline const CompanyId kAcme("acme");
inline const EngineId kEngine("engine-1");
inline const EngineId kOtherEngine("engine-2");

inline Occupant AnOccupant(int number, OccupantState state = OccupantState::kConnected) {
  Occupant occupant;
  occupant.person.user = occupant.person.subject = ContractUser(number);
  occupant.display_name = absl::StrCat("User ", number);
  occupant.state = state;
  return occupant;
}
inline Occupant ASpectator(int number) {
  Occupant occupant = AnOccupant(number);
  occupant.spectator = true;
  return occupant;
}

// Besides `RoomStore& store()` a fixture has `EngineStore& engines()`, whose reports count for 90
// seconds, Pass(duration), and Tell(order), which all engines of "acme" get.
template <class Fixture>
class EngineStoreFixture : public RoomStoreFixture<Fixture> {
 protected:
  // Everybody of the company may join it.
  RoomId AnOpenRoom(const std::string& company = "acme") {
    Room room;
    room.display_name = "open";
    room.default_rights = RoomRights{RoomRight::kJoin};
    return this->Insert(room, company);
  }
  ReportOutcome Take(const Report& report, const CompanyId& company = kAcme) {
    const auto outcome = this->engines().Take(ACall(), company, report);
    EXPECT_OK(outcome);
    return outcome.ok() ? *outcome : ReportOutcome();
  }
  ReportOutcome Take(const RoomId& room, const std::vector<Occupant>& occupants,
                     const EngineId& engine = kEngine) {
    Report report;
    report.engine = engine;
    report.rooms = {{room, occupants}};
    return Take(report);
  }
  std::map<RoomId, std::vector<Occupant>> Occupants(const std::vector<RoomId>& rooms,
                                                    const CompanyId& company = kAcme) {
    const auto found = this->engines().ListOccupants(ACall(), company, rooms);
    EXPECT_OK(found);
    return found.ok() ? *found : std::map<RoomId, std::vector<Occupant>>();
  }
  std::vector<Occupant> In(const RoomId& room) { return Occupants({room})[room]; }
  RoomCrowd Count(const RoomId& room, int user = 99) {
    const auto crowd = this->engines().Count(ACall(), kAcme, room, ContractUser(user));
    EXPECT_OK(crowd);
    return crowd.ok() ? *crowd : RoomCrowd();
  }
  std::vector<Command> Commands(const EngineId& engine = kEngine, uint32_t most = 100) {
    const auto commands = this->engines().ListCommands(ACall(), kAcme, {engine}, most);
    EXPECT_OK(commands);
    return commands.ok() ? commands->at(0) : std::vector<Command>();
  }
  std::vector<Order> Orders(const EngineId& engine = kEngine) {
    std::vector<Order> orders;
    for (const Command& command : Commands(engine)) orders.push_back(command.order);
    return orders;
  }
};

}  // namespace usher::room
