// Writes down what engines are to be told, in the transactions that give rise to it.
#pragma once

#include "absl/time/time.h"
#include "services/room/room_news.h"

namespace usher::room {

// A command goes to all engines that have the room, also for a user who is at one of them: who came
// in a moment ago is not yet in any report.
class CommandLog final : public RoomNews {
 public:
  // `lifetime`: how long a report counts.
  explicit CommandLog(absl::Duration lifetime) : lifetime_(lifetime) {}

  // Everybody whom the change has taken the right to join is to be put out.
  absl::Status Updated(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                       const RoomChange& change) override;
  absl::Status Removed(db::Transaction& tx, const CompanyId& company, const RoomId& id) override;
  absl::Status Forgotten(db::Transaction& tx, const CompanyId& company,
                         const UserId& user) override;

 private:
  const absl::Duration lifetime_;
};

}  // namespace usher::room
