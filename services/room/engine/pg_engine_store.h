// What engines have told, in PostgreSQL.
#pragma once

#include <map>
#include <vector>

#include "absl/time/time.h"
#include "common/db/pool.h"
#include "services/room/engine/engine_store.h"

namespace usher::room {

class PgEngineStore final : public EngineStore {
 public:
  // `lifetime`: how long a report counts.
  PgEngineStore(db::Pool& pool, absl::Duration lifetime) : pool_(pool), lifetime_(lifetime) {}

  absl::StatusOr<std::map<RoomId, std::vector<Occupant>>> ListOccupants(
      const CallContext& call, const CompanyId& company, const std::vector<RoomId>& rooms) override;
  absl::StatusOr<RoomCrowd> Count(const CallContext& call, const CompanyId& company,
                                  const RoomId& room, const UserId& user) override;
  absl::StatusOr<ReportOutcome> Take(const CallContext& call, const CompanyId& company,
                                     const Report& report) override;
  absl::StatusOr<std::vector<RoomPlaces>> FindPlaces(const CallContext& call,
                                                     const CompanyId& company,
                                                     const EngineId& engine,
                                                     const std::vector<RoomId>& rooms) override;
  absl::StatusOr<std::vector<RoomRights>> FindRights(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::vector<Asked>& asked) override;
  absl::StatusOr<std::vector<std::vector<Command>>> ListCommands(
      const CallContext& call, const CompanyId& company, const std::vector<EngineId>& engines,
      uint32_t most) override;
  absl::Status Acknowledge(const CallContext& call, const CompanyId& company,
                           const EngineId& engine, const std::vector<CommandId>& ids) override;
  absl::StatusOr<int64_t> ForgetOld(const CallContext& call, int64_t most) override;

 private:
  db::Pool& pool_;
  const absl::Duration lifetime_;
};

}  // namespace usher::room
