// What engines have told, in memory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "services/room/engine/engine_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_room_store.h"

namespace usher::room {

// Thread-safe. Held to engine_store_contract.h and engine_command_contract.h, like the real one.
class FakeEngineStore final : public EngineStore {
 public:
  FakeEngineStore(RoomStore& rooms, const Clock& clock, absl::Duration lifetime)
      : rooms_(rooms), clock_(clock), lifetime_(lifetime) {}

  // Every method fails with this until it is OK again.
  void Fail(absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  // Orders something of all engines of the company, as CommandLog does.
  void Tell(const CompanyId& company, const Order& order) {
    const absl::MutexLock lock(&mutex_);
    std::set<EngineId> engines;
    for (const auto& [key, told] : told_) {
      if (std::get<0>(key) == company && IsYoung(told)) engines.insert(std::get<2>(key));
    }
    for (const EngineId& engine : engines) {
      std::vector<Command>& commands = commands_[{company, engine}];
      commands.erase(std::remove_if(commands.begin(), commands.end(),
                                    [&order](const Command& command) {
                                      return std::tie(command.order.kind, command.order.room,
                                                      command.order.user) ==
                                             std::tie(order.kind, order.room, order.user);
                                    }),
                     commands.end());
      commands.push_back({CommandId(NewUuid()), order});
    }
  }

  absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> ListOccupants(
      const CallContext&, const CompanyId& company, const std::vector<RoomId>& rooms) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    std::map<RoomId, std::vector<Occupant>> found;
    for (const RoomId& room : rooms) {
      std::map<UserId, Occupant> users;
      bool open = false;
      for (const auto& [key, told] : told_) {
        if (std::get<0>(key) != company || std::get<1>(key) != room || !IsYoung(told)) continue;
        open = true;
        for (const Occupant& occupant : told.occupants) {
          const auto [at, is_new] = users.emplace(occupant.person.user, occupant);
          if (!is_new && !IsOnline(at->second.state)) at->second = occupant;
        }
      }
      if (!open) continue;
      for (const auto& [user, occupant] : users) found[room].push_back(occupant);
      found[room];
    }
    return found;
  }

  absl::StatusOr<RoomCrowd> Count(const CallContext&, const CompanyId& company, const RoomId& room,
                                  const UserId& user) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    RoomCrowd crowd;
    crowd.crowd = CrowdWithout(company, room, EngineId());
    for (const auto& [key, told] : told_) {
      if (std::get<0>(key) != company || std::get<1>(key) != room || !IsYoung(told)) continue;
      for (const Occupant& occupant : told.occupants) {
        if (occupant.person.user == user && IsOnline(occupant.state)) crowd.is_in = true;
      }
    }
    return crowd;
  }

  absl::StatusOr<ReportOutcome> Take(const CallContext& call, const CompanyId& company,
                                     const Report& report) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    ReportOutcome outcome;
    std::set<RoomId> named;
    for (const RoomReport& room : report.rooms) {
      named.insert(room.room);
      ASSIGN_OR_RETURN(const auto access, Access(call, company, room.room, Person()));
      if (!access) {
        outcome.unknown.push_back(room.room);
        continue;
      }
      told_[{company, room.room, report.engine}] = {room.occupants, clock_.Now()};
      for (const Occupant& occupant : room.occupants) {
        if (!HasToBeAllowed(occupant.state)) continue;
        ASSIGN_OR_RETURN(const auto own, Access(call, company, room.room, occupant.person));
        if (EffectiveRights(occupant.person, *own).Has(RoomRight::kJoin)) continue;
        outcome.expelled.push_back({room.room, occupant.person.user});
      }
    }
    for (auto it = told_.begin(); it != told_.end();) {
      const auto& [of, room, engine] = it->first;
      const bool closed =
          std::find(report.closed.begin(), report.closed.end(), room) != report.closed.end() ||
          (report.all_rooms && named.count(room) == 0);
      it = of == company && engine == report.engine && closed ? told_.erase(it) : std::next(it);
    }
    return outcome;
  }

  absl::StatusOr<std::vector<RoomPlaces>> FindPlaces(const CallContext& call,
                                                     const CompanyId& company,
                                                     const EngineId& engine,
                                                     const std::vector<RoomId>& rooms) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    std::vector<RoomPlaces> found;
    for (const RoomId& room : rooms) {
      RoomPage page;
      page.only = std::vector<RoomId>{room};
      ASSIGN_OR_RETURN(const ListedRooms listed, rooms_.List(call, Everything(company), page));
      if (listed.empty()) continue;
      const RoomView& view = *listed.begin();
      found.push_back({room, view.active_participants, view.passive_participants,
                       view.allow_spectators, CrowdWithout(company, room, engine)});
    }
    return found;
  }

  absl::StatusOr<std::vector<RoomRights>> FindRights(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::vector<Asked>& asked) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    std::vector<RoomRights> rights;
    for (const Asked& one : asked) {
      ASSIGN_OR_RETURN(const auto access, Access(call, company, one.room, one.person));
      rights.push_back(access ? EffectiveRights(one.person, *access) : RoomRights{});
    }
    return rights;
  }

  absl::StatusOr<std::vector<std::vector<Command>>> ListCommands(
      const CallContext&, const CompanyId& company, const std::vector<EngineId>& engines,
      uint32_t most) override {
    const absl::MutexLock lock(&mutex_);
    ++lists_of_commands_;
    RETURN_IF_ERROR(failure_);
    std::vector<std::vector<Command>> listed;
    for (const EngineId& engine : engines) {
      const std::vector<Command>& commands = commands_[{company, engine}];
      listed.emplace_back(commands.begin(),
                          commands.begin() + std::min<ptrdiff_t>(most, std::ssize(commands)));
    }
    return listed;
  }
  // How often it was asked for commands.
  int lists_of_commands() const {
    const absl::MutexLock lock(&mutex_);
    return lists_of_commands_;
  }

  absl::Status Acknowledge(const CallContext&, const CompanyId& company, const EngineId& engine,
                           const std::vector<CommandId>& ids) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    std::vector<Command>& commands = commands_[{company, engine}];
    commands.erase(std::remove_if(commands.begin(), commands.end(),
                                  [&ids](const Command& command) {
                                    return std::find(ids.begin(), ids.end(), command.id) !=
                                           ids.end();
                                  }),
                   commands.end());
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> ForgetOld(const CallContext&, int64_t most) override {
    const absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(failure_);
    int64_t forgotten = 0;
    for (auto it = told_.begin(); it != told_.end() && forgotten < most;) {
      if (IsYoung(it->second)) {
        ++it;
        continue;
      }
      it = told_.erase(it);
      ++forgotten;
    }
    return forgotten;
  }

 private:
  struct Told {
    std::vector<Occupant> occupants;
    absl::Time at;
  };

  static Viewer Everything(const CompanyId& company) {
    return {company, UserId(kCallerId), true, true, true};
  }
  bool IsYoung(const Told& told) const { return told.at + lifetime_ > clock_.Now(); }

  absl::StatusOr<std::optional<RoomAccess>> Access(const CallContext& call,
                                                   const CompanyId& company, const RoomId& room,
                                                   const Person& person) {
    Viewer viewer;
    viewer.company = company;
    viewer.subject = person.subject;
    return rooms_.FindAccess(call, viewer, room, UserId());
  }

  Crowd CrowdWithout(const CompanyId& company, const RoomId& room, const EngineId& engine) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Crowd crowd;
    for (const auto& [key, told] : told_) {
      if (std::get<0>(key) != company || std::get<1>(key) != room || !IsYoung(told)) continue;
      if (std::get<2>(key) == engine) continue;
      for (const Occupant& occupant : told.occupants) {
        if (!IsOnline(occupant.state)) continue;
        ++(occupant.spectator ? crowd.passive : crowd.active);
      }
    }
    return crowd;
  }

  RoomStore& rooms_;
  const Clock& clock_;
  const absl::Duration lifetime_;
  mutable absl::Mutex mutex_;
  int lists_of_commands_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::map<std::tuple<CompanyId, RoomId, EngineId>, Told> told_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<CompanyId, EngineId>, std::vector<Command>> commands_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::room
