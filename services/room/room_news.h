// Who hears of what changes about rooms, in the transaction that changes it.
#pragma once

#include "absl/status/status.h"
#include "common/db/transaction.h"
#include "services/room/room.h"

namespace usher::room {

// A port of the store: media engines are told (services/room/engine). What these fail with ends the
// transaction. Thread-safe.
class RoomNews {
 public:
  virtual ~RoomNews() = default;

  // The room is locked, and the change has been written.
  virtual absl::Status Updated(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                               const RoomChange& change) = 0;
  // The room is locked, and about to be removed.
  virtual absl::Status Removed(db::Transaction& tx, const CompanyId& company, const RoomId& id) = 0;
  // The user has no entries any more.
  virtual absl::Status Forgotten(db::Transaction& tx, const CompanyId& company,
                                 const UserId& user) = 0;
};

}  // namespace usher::room
