// Writes down what engines are to be told, in the transactions that give rise to it.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "services/room/engine/command.h"
#include "services/room/feed/wakeup.h"
#include "services/room/room_news.h"

namespace usher::room {

// A command goes to all engines that have the room, also for a user who is at one of them: who came
// in a moment ago is not yet in any report.
class CommandLog final : public RoomNews {
 public:
  // `lifetime`: how long a report counts. `wakeup`, which must outlive it, is told of the engines
  // once what is written for them can be seen.
  CommandLog(absl::Duration lifetime, Wakeup& wakeup) : lifetime_(lifetime), wakeup_(wakeup) {}

  // Everybody whom the change has taken the right to join is to be put out.
  absl::Status Updated(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                       const RoomChange& change) override;
  absl::Status Removed(db::Transaction& tx, const CompanyId& company, const RoomId& id) override;
  absl::Status Forgotten(db::Transaction& tx, const CompanyId& company,
                         const UserId& user) override;

 private:
  absl::Status Tell(db::Transaction& tx, const CompanyId& company, std::vector<EngineId> engines,
                    std::vector<Order> orders);

  const absl::Duration lifetime_;
  Wakeup& wakeup_;
};

}  // namespace usher::room
