// Where favorites are kept.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/business_logic/favorite.h"

namespace usher::business_logic {

// Thread-safe. Errors besides those named: sql_error.h.
class FavoriteStore {
 public:
  virtual ~FavoriteStore() = default;

  // In the order in which they were added.
  virtual absl::StatusOr<std::vector<RoomId>> List(const CallContext& call, const Owner& owner) = 0;
  // All or nothing; what is there already, and what is not there, is left alone. TooManyFavorites
  // when more than kMostFavorites would be left.
  virtual absl::Status Change(const CallContext& call, const Owner& owner,
                              const FavoriteChange& change) = 0;
  // Deletes them all; OK also where there are none.
  virtual absl::Status Forget(const CallContext& call, const Owner& owner) = 0;
};

}  // namespace usher::business_logic
