// Favorites in PostgreSQL.
#pragma once

#include <vector>

#include "common/db/pool.h"
#include "services/business_logic/favorite_store.h"

namespace usher::business_logic {

class PgFavoriteStore final : public FavoriteStore {
 public:
  explicit PgFavoriteStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<RoomId>> List(const CallContext& call, const Owner& owner) override;
  absl::Status Change(const CallContext& call, const Owner& owner,
                      const FavoriteChange& change) override;
  absl::Status Forget(const CallContext& call, const Owner& owner) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::business_logic
