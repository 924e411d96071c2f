// Rooms in PostgreSQL.
#pragma once

#include <optional>

#include "common/db/pool.h"
#include "services/room/room_news.h"
#include "services/room/room_store.h"

namespace usher::room {

class PgRoomStore final : public RoomStore {
 public:
  // `news`: who hears of changes; null: nobody.
  explicit PgRoomStore(db::Pool& pool, RoomNews* news = nullptr) : pool_(pool), news_(news) {}

  absl::StatusOr<RoomId> Insert(const CallContext& call, const Viewer& viewer, const RoomId& id,
                                const Room& room, const DecideParent& decide) override;
  absl::StatusOr<std::optional<Room>> Update(const CallContext& call, const Viewer& viewer,
                                             const RoomId& id, const RoomChange& change,
                                             const DecideUpdate& decide) override;
  absl::StatusOr<ListedRooms> List(const CallContext& call, const Viewer& viewer,
                                   const RoomPage& page) override;
  absl::Status Sort(const CallContext& call, const Viewer& viewer,
                    const std::vector<RoomMove>& moves, const DecideMove& decide) override;
  absl::StatusOr<bool> Remove(const CallContext& call, const Viewer& viewer, const RoomId& id,
                              const DecideRemoval& decide) override;
  absl::StatusOr<std::optional<RoomAccess>> FindAccess(const CallContext& call,
                                                       const Viewer& viewer, const RoomId& id,
                                                       const UserId& other) override;
  absl::StatusOr<bool> ForgetSome(const CallContext& call, const CompanyId& company,
                                  const UserId& user, uint32_t most) override;

 private:
  db::Pool& pool_;
  RoomNews* const news_;
};

}  // namespace usher::room
